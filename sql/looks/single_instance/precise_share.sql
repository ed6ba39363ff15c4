/*
title: Share with precise indexes
question: How much of code navigation and of the repositories is precise?
definition: "Navigation events: those with precise results divided by all of the week. Repositories: those with an uploaded index divided by all, as of the week's last ping."
caption: "Per week, from Sunday. Dashed: not over."
rows_of: single_instance/search_users
columns:
  search_users: {hidden: true}
  precise_share: {hidden: false}
  repositories: {hidden: false}
  indexed_share: {hidden: false}
chart: {kind: line, x: week, y: [precise_share, indexed_share]}
sent: {field: new_code_intel_usage, since: "4.0"}
*/
