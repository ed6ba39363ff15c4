/*
title: Search latency
question: How long do people wait for results?
definition: Half, nine in ten and 99 in 100 searches of the week took at most this long. Instances send P50, P90 and P99 by type of search; shown is their mean, weighted by the searches of each type, so it is approximate.
caption: "Milliseconds, approx. Dashed: not over."
rows_of: single_instance/search_users
columns:
  search_users: {hidden: true}
  latency_p50: {hidden: false}
  latency_p90: {hidden: false}
  latency_p99: {hidden: false}
chart: {kind: line, x: week, y: [latency_p99, latency_p90, latency_p50]}
sent: {field: search_usage, since: "4.0"}
*/
