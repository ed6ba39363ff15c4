/*
title: Insight creators
question: How many people create code insights in a week?
definition: Users who created a code insight in the week, as the instance reports them. Insights are counted from Monday.
caption: "Users, week from Monday. Dashed: not over."
rows_of: single_instance/insight_views
chart: {kind: line, x: week, y: creators}
sent: {field: code_insights_usage, since: "4.0"}
*/
