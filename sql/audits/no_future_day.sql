AUDIT (
  name no_future_day
);

SELECT day
FROM @this_model
WHERE day > @execution_date
