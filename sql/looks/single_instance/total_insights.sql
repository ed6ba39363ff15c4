/*
title: Code insights kept
question: How many code insights are there?
definition: Code insights that exist, as of the day's last ping. Instances that send critical telemetry only send this too.
caption: As of each day.
rows_of: single_instance/code_monitors
columns:
  monitors_enabled: {hidden: true}
  monitors_enabled_users: {hidden: true}
  total_insights: {hidden: false}
chart: {kind: line, x: day, y: total_insights}
sent: {field: code_insights_critical_telemetry, since: "4.0"}
*/
