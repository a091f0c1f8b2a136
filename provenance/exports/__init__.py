"""Papers made of the record: certificates, rolls, sites, data."""
