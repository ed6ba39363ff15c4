-- Within one day's pings an instance cannot have more users in a day than in the week, nor more in a week than in a
-- month, where the week lies in the month.
AUDIT (
  name users_grow_with_the_period,
  blocking false
);

SELECT days.site_id, days.day, days.daily_users, entry.week, entry.users
FROM @this_model AS days
CROSS JOIN UNNEST(days.week_users) AS entry
WHERE days.pings > 0
  AND entry.week = DATE_TRUNC(days.day, WEEK)
  AND days.daily_users > entry.users
