/*
title: Last pings
question: When did instances ping last?
definition: One row an instance.
grain: one row an instance
period: instant
columns:
  site_id: {label: Site id, type: STRING}
  last_ping_at: {label: Last ping, type: TIMESTAMP}
filters: {products: products, date: instances.last_ping_at}
chart: {kind: table, series: site_id}
budget: 200 MB
*/
SELECT
  instances.site_id,
  instances.last_ping_at
FROM analytics.instances
WHERE NOT @filter_date
  AND @filters
ORDER BY site_id, last_ping_at
