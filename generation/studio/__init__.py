"""Pictures together with their records: here painting meets `provenance`."""
