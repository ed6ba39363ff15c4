/*
title: Code navigation events
question: How often is code navigated in a week, and how precisely?
definition: Hovers, definitions and references shown in the week, with precise results (from an uploaded index) against search-based ones. Instances count weeks from Sunday.
caption: "Per week, from Sunday. Pale: not over."
rows_of: single_instance/search_users
columns:
  search_users: {hidden: true}
  precise_navigation_events: {hidden: false}
  search_based_navigation_events: {hidden: false}
chart: {kind: stacked_bar, x: week, y: [precise_navigation_events, search_based_navigation_events]}
sent: {field: new_code_intel_usage, since: "4.0"}
*/
