/*
title: Code monitors
question: How many code monitors are on, and whose are they?
definition: Code monitors that are enabled, and the users who have one, as of the day's last ping.
caption: As of each day.
grain: one row a day
columns:
  day: {label: Day, type: DATE, format: date}
  monitors_enabled: {label: Enabled, type: INT64, format: integer}
  monitors_enabled_users: {label: Users, type: INT64, format: integer}
  monitor_page_views_93_days: {label: Page views, type: INT64, format: integer, hidden: true}
  monitor_emails_triggered_93_days: {label: Emails triggered, type: INT64, format: integer, hidden: true}
  monitor_trigger_runs_93_days: {label: Trigger runs, type: INT64, format: integer, hidden: true}
  monitor_trigger_errors_93_days: {label: Failed runs, type: INT64, format: integer, hidden: true}
  notebook_page_views_93_days: {label: Notebook views, type: INT64, format: integer, hidden: true}
  notebooks_list_page_views_93_days: {label: List views, type: INT64, format: integer, hidden: true}
  notebooks_created_93_days: {label: Created, type: INT64, format: integer, hidden: true}
  notebook_stars_added_93_days: {label: Stars added, type: INT64, format: integer, hidden: true}
  saved_searches: {label: Saved searches, type: INT64, format: integer, hidden: true}
  saved_search_users: {label: Users, type: INT64, format: integer, hidden: true}
  total_insights: {label: Code insights, type: INT64, format: integer, hidden: true}
filters: {site: site_id, date: day}
chart: {kind: line, x: day, y: [monitors_enabled, monitors_enabled_users]}
sent: {field: code_monitoring_usage, since: "4.0"}
budget: 1 GB
*/
SELECT
  day,
  SUM(monitors_enabled) AS monitors_enabled,
  SUM(monitors_enabled_users) AS monitors_enabled_users,
  SUM(monitor_page_views_93_days) AS monitor_page_views_93_days,
  SUM(monitor_emails_triggered_93_days) AS monitor_emails_triggered_93_days,
  SUM(monitor_trigger_runs_93_days) AS monitor_trigger_runs_93_days,
  SUM(monitor_trigger_errors_93_days) AS monitor_trigger_errors_93_days,
  SUM(notebook_page_views_93_days) AS notebook_page_views_93_days,
  SUM(notebooks_list_page_views_93_days) AS notebooks_list_page_views_93_days,
  SUM(notebooks_created_93_days) AS notebooks_created_93_days,
  SUM(notebook_stars_added_93_days) AS notebook_stars_added_93_days,
  SUM(saved_searches) AS saved_searches,
  SUM(saved_search_users) AS saved_search_users,
  SUM(total_insights) AS total_insights
FROM analytics.instance_days
WHERE @filters
GROUP BY day
ORDER BY day
