/*
title: Languages navigated
question: In which languages is code navigated?
definition: Hovers, definitions and references of the weeks in the range by language, with precise results against search-based ones. The seven languages with most events; all others together are other.
caption: Navigation events in the range.
grain: one row a language, most events first
period: week_sunday
columns:
  language:
    label: Language
    type: STRING
    names:
      "": Unknown
      c: C
      cpp: C++
      csharp: C#
      go: Go
      java: Java
      javascript: JavaScript
      javascriptreact: JSX
      kotlin: Kotlin
      php: PHP
      python: Python
      ruby: Ruby
      rust: Rust
      scala: Scala
      swift: Swift
      typescript: TypeScript
      typescriptreact: TSX
  precise_events: {label: Precise, type: INT64, format: integer, rollup: sum, unit: events}
  search_based_events: {label: Search-based, type: INT64, format: integer, rollup: sum, unit: events}
filters: {site: site_id, date: week}
chart: {kind: stacked_bar, x: language, y: [precise_events, search_based_events], order: given}
sent: {field: new_code_intel_usage, since: "4.0"}
budget: 200 MB
*/
WITH languages AS (
  SELECT
    entry.language,
    SUM(entry.events) AS events,
    SUM(entry.precise_events) AS precise_events
  FROM analytics.instance_weeks
  CROSS JOIN UNNEST(navigation_languages) AS entry
  WHERE @filters
    AND entry.events IS NOT NULL
  GROUP BY entry.language
),
ranked AS (
  SELECT
    language,
    events,
    precise_events,
    ROW_NUMBER() OVER (ORDER BY events DESC, language) AS place
  FROM languages
)
SELECT
  IF(place <= 7, language, 'other') AS language,
  SUM(precise_events) AS precise_events,
  SUM(events - precise_events) AS search_based_events
FROM ranked
GROUP BY language, LEAST(place, 8)
ORDER BY LEAST(place, 8)
