/*
title: Searches from editors
question: How much is searched from editors in a week?
definition: Searches from the extensions of VS Code and of JetBrains editors in the week, as the instance counts them. Instances count weeks from Sunday.
caption: "Per week, from Sunday. Pale: not over."
rows_of: single_instance/search_users
columns:
  search_users: {hidden: true}
  vscode_searches: {hidden: false}
  jetbrains_searches: {hidden: false}
chart: {kind: stacked_bar, x: week, y: [vscode_searches, jetbrains_searches]}
sent: {field: ide_extensions_usage, since: "4.0"}
*/
