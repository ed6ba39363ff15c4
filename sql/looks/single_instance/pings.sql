/*
title: Pings and upgrades
question: Does the instance ping, and when was it upgraded?
definition: Pings of the day; an instance sends one every 30 to 40 minutes. A day without a bar is one on which none arrived. A line stands on the first day on which a new major or minor version shows, as the day's last ping has it.
caption: "Pings a day. Gaps: none. Lines: upgrades."
grain: one row a day with pings
period: day
columns:
  day: {label: Day, type: DATE, format: date}
  pings: {label: Pings, type: INT64, format: integer, rollup: sum, unit: pings}
  upgrade: {label: Upgrade to, type: STRING}
filters: {site: site_id, date: day}
chart: {kind: bar, x: day, y: pings, rules: upgrade}
budget: 1 GB
*/
WITH site_days AS (
  SELECT
    day,
    pings,
    version_major,
    version_minor,
    MIN(day) OVER (PARTITION BY site_id, version_major, version_minor) AS version_since,
    MIN(IF(version_minor IS NULL, NULL, day)) OVER (PARTITION BY site_id) AS known_since
  FROM analytics.instance_days
  WHERE @filter_site
    AND pings > 0
)
SELECT
  day,
  SUM(pings) AS pings,
  MAX(
    IF(
      version_minor IS NOT NULL AND day = version_since AND day > known_since,
      CONCAT(CAST(version_major AS STRING), '.', CAST(version_minor AS STRING)),
      NULL
    )
  ) AS upgrade
FROM site_days
WHERE @filter_date
GROUP BY day
ORDER BY day
