/*
title: Versions
question: Which versions did the instance run, and for how long?
definition: Versions that the instance ran on a day of the range, as each day's last ping has them, with the first and last day it ever ran them and the days it pinged with them.
caption: Newest first.
grain: one row a version
period: day
columns:
  version: {label: Version, type: STRING}
  first_day: {label: First day, type: DATE, format: date}
  last_day: {label: Last day, type: DATE, format: date}
  days: {label: Days, type: INT64, format: integer}
filters: {site: site_id, date: day}
chart: {kind: table, series: version}
budget: 1 GB
*/
SELECT
  version,
  MIN(day) AS first_day,
  MAX(day) AS last_day,
  COUNT(*) AS days
FROM analytics.instance_days
WHERE @filter_site
  AND pings > 0
GROUP BY version
HAVING COUNTIF(@filter_date) > 0
ORDER BY last_day DESC, first_day DESC, version
