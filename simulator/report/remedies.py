"""What else would shorten a recovery, by what held people: remedies that no lever stands for."""

REMEDIES = {
    "no_other_answer": "a health check, and another region that DNS may answer with",
    "resolver_answers": "addresses that stay when regions change",
    "device_answers": "addresses that stay when regions change",
    "kept_connections": "connections that are closed when their region fails",
    "open_requests": "a shorter timeout of clients",
    "negative_answers": "a shorter negative TTL",
    "name_servers": "another region to turn to while a name has no address",
    "errors": "a health check that sees these errors",
    "dead_nodes": "quicker checks of targets",
    "stores": "a health check that needs the store",
    "no_writer": "a writer that fails over, or writes that can wait",
    "promotion": "a promotion that begins sooner",
    "damaged_data": "a restore of what was there before the damage, begun sooner",
    "cold_caches": "caches kept warm where users are led",
    "gateway_limits": "higher quotas where users are led",
    "lambda_limits": "higher quotas where users are led",
    "table_limits": "more capacity of tables where users are led",
    "queues": "more workers where users are led",
    "cold_starts": "provisioned concurrency",
    "missing_keys": "verifiers that keep a key while its tokens are good",
    "key_caches": "verifiers that fetch the keys when they meet an unknown one",
    "refused_tokens": "issuers that share their keys",
    "issuers": "another issuer, asked first",
    "circuit_breakers": "circuit breakers that try again sooner",
    "slow": "a region that is reached without the slow part",
}
"""For each cause what takes it away, as far as a design can."""

SOONER = {
    "detection": "health checks that notice sooner",
    "operator": "a decision that is made sooner",
}
"""For what ended a phase what would have ended it sooner, whatever held people meanwhile."""
