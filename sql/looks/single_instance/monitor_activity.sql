/*
title: Code monitor activity
question: How much do code monitors do?
definition: Page views of code monitors and emails they triggered in the 93 days up to each day, since instances prune their event log. The figures rise and fall; they must not be added up or subtracted. Runs and failed runs of triggers stand in the table.
caption: Last 93 days, as sent.
rows_of: single_instance/code_monitors
columns:
  monitors_enabled: {hidden: true}
  monitors_enabled_users: {hidden: true}
  monitor_page_views_93_days: {hidden: false}
  monitor_emails_triggered_93_days: {hidden: false}
  monitor_trigger_runs_93_days: {hidden: false}
  monitor_trigger_errors_93_days: {hidden: false}
chart: {kind: line, x: day, y: [monitor_page_views_93_days, monitor_emails_triggered_93_days]}
sent: {field: code_monitoring_usage, since: "4.0"}
*/
