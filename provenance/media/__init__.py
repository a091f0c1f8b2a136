"""Pictures as files: the gate, the formats, what lies beside the pixels."""
