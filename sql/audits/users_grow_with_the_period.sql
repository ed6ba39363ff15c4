-- Within one day's pings an instance cannot have more users in a day than in its week, nor more in a week that lies in
-- one month than in that month.
AUDIT (
  name users_grow_with_the_period,
  blocking false
);

SELECT days.site_id, days.day, days.daily_users AS fewer, weeks.users AS more
FROM @this_model AS days
CROSS JOIN UNNEST(days.week_users) AS weeks
WHERE days.pings > 0
  AND weeks.week = DATE_TRUNC(days.day, WEEK)
  AND days.daily_users > weeks.users
UNION ALL
SELECT days.site_id, days.day, weeks.users AS fewer, months.users AS more
FROM @this_model AS days
CROSS JOIN UNNEST(days.week_users) AS weeks
CROSS JOIN UNNEST(days.month_users) AS months
WHERE days.pings > 0
  AND weeks.week = DATE_TRUNC(days.day, WEEK)
  AND months.month = DATE_TRUNC(days.day, MONTH)
  AND weeks.week >= months.month
  AND weeks.users > months.users
