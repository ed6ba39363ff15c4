/*
title: Code navigation users
question: How many people look up hovers, definitions and references in a week?
definition: Users of hovers, definitions and references in the week, in all, with precise results, and with search-based ones, as the instance reports them. One user may have both, so the lines overlap. Instances count weeks from Sunday.
caption: "Per week; they overlap. Dashed: not over."
rows_of: single_instance/search_users
columns:
  search_users: {hidden: true}
  code_navigation_users: {hidden: false}
  precise_navigation_users: {hidden: false}
  search_based_navigation_users: {hidden: false}
chart: {kind: line, x: week, y: [code_navigation_users, search_based_navigation_users, precise_navigation_users]}
sent: {field: new_code_intel_usage, since: "4.0"}
*/
