"""What is used beside a model: LoRAs, ControlNets, styles, depth estimators, each known by its digest."""
