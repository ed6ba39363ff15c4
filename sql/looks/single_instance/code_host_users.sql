/*
title: Code host integrations
question: How many people use Sourcegraph from their code host?
definition: Users of the browser extension and of the native integration of a code host in the week, as the instance reports them. One person may use both. Instances count weeks from Sunday.
caption: "Users, week from Sunday. Dashed: not over."
rows_of: single_instance/search_users
columns:
  search_users: {hidden: true}
  browser_extension_users: {hidden: false}
  native_integration_users: {hidden: false}
chart: {kind: line, x: week, y: [browser_extension_users, native_integration_users]}
sent: {field: code_host_integration_usage, since: "4.0"}
*/
