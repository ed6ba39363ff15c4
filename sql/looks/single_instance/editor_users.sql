/*
title: Editor users
question: How many people search from their editor?
definition: Users who searched from the extension of VS Code or of JetBrains editors in the week, as the instance reports them. One person may use both. Instances count weeks from Sunday.
caption: "Users, week from Sunday. Dashed: not over."
rows_of: single_instance/search_users
columns:
  search_users: {hidden: true}
  vscode_users: {hidden: false}
  jetbrains_users: {hidden: false}
chart: {kind: line, x: week, y: [vscode_users, jetbrains_users]}
sent: {field: ide_extensions_usage, since: "4.0"}
*/
