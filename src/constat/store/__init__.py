"""What a casebook keeps: evidence by hash, one database, and an audit log that shows every change."""
