"""The only floor that knows where bytes lie: engine, deliveries, snapshots, ledger."""
