/*
title: Notebooks
question: How much are notebooks read and written?
definition: Views of notebooks and of their list, and notebooks created, in the 93 days up to each day, since instances prune their event log. The figures rise and fall; they must not be added up or subtracted.
caption: Last 93 days, as sent.
rows_of: single_instance/code_monitors
columns:
  monitors_enabled: {hidden: true}
  monitors_enabled_users: {hidden: true}
  notebook_page_views_93_days: {hidden: false}
  notebooks_list_page_views_93_days: {hidden: false}
  notebooks_created_93_days: {hidden: false}
  notebook_stars_added_93_days: {hidden: false}
chart: {kind: line, x: day, y: [notebook_page_views_93_days, notebooks_list_page_views_93_days, notebooks_created_93_days]}
sent: {field: notebooks_usage, since: "4.0"}
*/
