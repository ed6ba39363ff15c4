"""The JSON payloads of a ping, each as one expression over the facts of a row (see `pings.py`).

Key names and shapes are those of the product's own usage statistics. Lists hold only entries that count something.
"""


def _whole(value: str) -> str:
    return f"CAST(floor({value}) AS BIGINT)"


def _midnight(day: str) -> str:
    return f"{day}_text"


def _point(day: str, users: str) -> str:
    return f"""{{'StartTime': {_midnight(day)}, 'UserCount': {users}, 'RegisteredUserCount': {users},
        'AnonymousUserCount': 0,
        'IntegrationUserCount': {_whole(f"{users} * native_integration")}}}"""


def _search_kind(share: float, slow: float) -> str:
    p50, p90, p99 = (_whole(f"latency * {slow * factor}") for factor in (1, 4.1, 12.5))
    return f"""{{'UserCount': {_whole(f"weekly * {min(share * 1.7, 0.95)}")},
        'EventsCount': {_whole(f"week_visits * searches * {share}")},
        'EventLatencies': {{'P50': {p50}, 'P90': {p90}, 'P99': {p99}}}}}"""


def _summary(action: str, source: str, language: str, across: str, share: float) -> str:
    part = "precise" if source == "precise" else "(1 - precise)"
    return f"""{{'action': '{action}', 'source': '{source}', 'language_id': {language}, 'cross_repository': {across},
        'waus': {_whole(f"weekly * navigation * {part} * 0.8")},
        'total_actions': {_whole(f"week_visits * navigation * 6 * {share} * {part}")}}}"""


def _integration(users: str, visits: str, share: str) -> str:
    return f"""{{'UniquesCount': {_whole(f"{users} * {share}")}, 'TotalCount': {_whole(f"{visits} * {share} * 3.5")},
        'InboundTrafficToWeb': {{'UniquesCount': {_whole(f"{users} * {share} * 0.4")},
            'TotalCount': {_whole(f"{visits} * {share} * 0.7")}}}}}"""


def _integrations(day: str, users: str, visits: str) -> str:
    return f"""{{'StartTime': {_midnight(day)}, 'BrowserExtension': {_integration(users, visits, "browser_extension")},
        'NativeIntegration': {_integration(users, visits, "native_integration")}}}"""


def _searched(users: str, visits: str, share: str) -> str:
    return f"{{'UniquesCount': {_whole(f'{users} * {share}')}, 'TotalCount': {_whole(f'{visits} * {share} * 1.8')}}}"


def _ide(kind: str) -> str:
    def period(day: str, users: str, visits: str) -> str:
        return f"'StartTime': {_midnight(day)}, 'SearchesPerformed': {_searched(users, visits, kind)}"

    return f"""{{'IdeKind': '{kind}', 'Month': {{{period("month_start", "monthly", "month_visits")}}},
        'Week': {{{period("week_start", "weekly", "week_visits")}}},
        'Day': {{{period("day", "daily", "daily")}, 'UserState': {{'Installs': {_whole(f"daily * {kind} * 0.02")},
            'Uninstalls': {_whole(f"daily * {kind} * 0.01")}}},
            'RedirectsCount': {_whole(f"daily * {kind} * 0.3")}}}}}"""


def _cody(users: str, visits: str, share: float) -> str:
    return f"""{{'UserCount': {_whole(f"{users} * cody_share * {share}")},
        'EventsCount': {_whole(f"{visits} * cody_share * {share} * 14")}}}"""


def _cody_period(day: str, users: str, visits: str, *clients: tuple[str, float]) -> str:
    fields = "".join(f", '{name}': {_cody(users, visits, share)}" for name, share in clients)
    return f"""{{'StartTime': {_midnight(day)}, 'TotalCodyUsers': {_cody(users, visits, 1.0)},
        'TotalProductUsers': {_cody(users, visits, 0.92)}{fields}}}"""


def _insight(kind: str, share: float) -> str:
    users, visits = f"insight_weekly * insights * {share}", f"insight_week_visits * insights * {share}"
    return f"""{{'InsightType': '{kind}', 'Additions': {_whole(f"{users} * 0.3")}, 'Edits': {_whole(f"{users} * 0.25")},
        'Removals': {_whole(f"{users} * 0.08")}, 'Hovers': {_whole(f"{visits} * 3")},
        'DataPointClicks': {_whole(f"{visits} * 0.4")}}}"""


_CODY_MONTH = _cody_period(
    "month_start",
    "monthly",
    "month_visits",
    ("TotalVSCodeProductUsers", 0.55),
    ("TotalJetBrainsProductUsers", 0.24),
    ("TotalWebProductUsers", 0.3),
)

# Column of the table -> expression that makes its value. NULL where an instance does not send it.
PAYLOADS = {
    "site_activity": f"""CASE
        WHEN ancient THEN '{{}}'
        WHEN quirk = 'no users for the day' THEN as_text({{'DAUs': [{_point("day", "CAST(NULL AS BIGINT)")}],
            'WAUs': [{_point("week_start", "weekly")}],
            'MAUs': [{_point("month_start", "monthly")}], 'RMAUs': [{_point("rolling_start", "rolling")}]}})
        WHEN quirk = 'cut off' THEN '{{"DAUs":[{{"StartTime":"' || {_midnight("day")} || '","UserCou'
        WHEN quirk = 'null text' THEN 'null'
        WHEN quirk = 'quoted null' THEN '"null"'
        WHEN critical THEN as_text({{'MAUs': [{_point("month_start", "monthly")}]}})
        WHEN two_days THEN as_text({{'DAUs': [{_point("day", "daily")}, {_point("day_before", "yesterday")}],
            'WAUs': [{_point("week_start", "weekly")}],
            'MAUs': [{_point("month_start", "monthly")}]}})
        ELSE as_text({{'DAUs': [{_point("day", "daily")}], 'WAUs': [{_point("week_start", "weekly")}],
            'MAUs': [{_point("month_start", "monthly")}],
            'RMAUs': [{_point("rolling_start", "rolling")}]}}) END""",
    "batch_changes_usage": f"""CASE
        WHEN (critical OR ancient) OR NOT batching THEN NULL
        WHEN quirk = 'cut off' THEN '{{"BatchChangesCount":'
        ELSE as_text({{
            'BatchChangesCount': batch_total, 'BatchChangesClosedCount': batch_closed,
            'BatchSpecsCreatedCount': batch_specs, 'ChangesetSpecsCreatedCount': changeset_specs,
            'PublishedChangesetsCount': published, 'PublishedChangesetsUnpublishedCount': unpublished,
            'PublishedChangesetsMergedCount': merged,
            'PublishedChangesetsDiffStatAddedSum': published * 34,
                'PublishedChangesetsDiffStatDeletedSum': published * 21,
            'PublishedChangesetsMergedDiffStatAddedSum': merged * 33,
                'PublishedChangesetsMergedDiffStatDeletedSum': merged * 20,
            'ImportedChangesetsCount': {_whole("published * 0.04")},
                'ImportedChangesetsMergedCount': {_whole("merged * 0.03")},
            'CurrentMonthContributorsCount': contributors, 'CurrentMonthUsersCount': batch_users,
            'BatchChangeStatsBySource': [
                {{'Source': 'local', 'BatchChangesCount': greatest(batch_total - by_executor, 0),
                 'PublishedChangesetsCount': {_whole("published * (1 - by_executor / greatest(batch_total, 1))")}}},
                {{'Source': 'executor', 'BatchChangesCount': by_executor,
                 'PublishedChangesetsCount': {_whole("published * by_executor / greatest(batch_total, 1)")}}}],
            'ActiveExecutorsCount': executors,
            'BatchChangesCohorts': cohorts}}) END""",
    "new_code_intel_usage": f"""CASE
        WHEN (critical OR ancient) OR navigation = 0 THEN NULL
        ELSE as_text({{
            'start_time': {_midnight("week_start")}, 'waus': {_whole("weekly * navigation")},
            'precise_waus': {_whole("weekly * navigation * precise * 0.95")},
                'search_waus': {_whole("weekly * navigation * (1 - precise * 0.45)")},
            'xrepo_waus': {_whole("weekly * navigation * 0.31")},
            'event_summaries': list_filter([
                {_summary("hover", "precise", "language", "false", 0.34)},
                    {_summary("hover", "search", "language", "false", 0.34)},
                {_summary("definitions", "precise", "language", "true", 0.17)},
                    {_summary("definitions", "search", "language", "true", 0.17)},
                {_summary("references", "precise", "language", "true", 0.11)},
                    {_summary("references", "search", "language", "true", 0.11)},
                {_summary("hover", "precise", "other_language", "false", 0.38)},
                    {_summary("hover", "search", "other_language", "false", 0.38)}
              ], lambda entry: entry.total_actions > 0),
            'num_repositories': repositories,
            'num_repositories_with_upload_records': {_whole("repositories * precise * 0.7")},
            'num_repositories_with_fresh_upload_records': {_whole("repositories * precise * 0.55")},
            'counts_by_language': [{{'language_id': language, 'num_requests': 0}}]}}) END""",
    "search_usage": f"""CASE
        WHEN (critical OR ancient) THEN NULL
        ELSE as_text({{
            'Daily': {{'StartTime': {_midnight("day")}, 'TotalUsers': {_whole("daily * 0.71")}}},
            'Weekly': {{'StartTime': {_midnight("week_start")}, 'TotalUsers': {_whole("weekly * 0.78")},
                'Literal': {_search_kind(0.6, 1.0)}, 'Regexp': {_search_kind(0.12, 1.6)},
                'Commit': {_search_kind(0.035, 3.1)}, 'Diff': {_search_kind(0.045, 3.6)},
                'File': {_search_kind(0.09, 0.7)}, 'Structural': {_search_kind(0.01, 6.0)},
                'Symbol': {_search_kind(0.1, 0.9)}}},
            'Monthly': {{'StartTime': {_midnight("month_start")}, 'TotalUsers': {_whole("monthly * 0.83")}}}}}) END""",
    "growth_statistics": """CASE
        WHEN (critical OR ancient) THEN NULL
        ELSE as_text({'DeletedUsers': deleted, 'CreatedUsers': created, 'ResurrectedUsers': resurrected,
            'ChurnedUsers': greatest(users_before - retained, 0), 'RetainedUsers': retained}) END""",
    "code_insights_usage": f"""CASE
        WHEN (critical OR ancient) OR insights = 0 THEN NULL
        ELSE as_text({{
            'WeekStart': {_midnight("monday")},
                'WeeklyInsightsPageViews': {_whole("insight_week_visits * insights * 2.2")},
            'WeeklyInsightsUniquePageViews': {_whole("insight_weekly * insights")},
            'WeeklyInsightCreators': {_whole("insight_weekly * insights * 0.15 + 0.2")},
            'WeeklyUsageStatisticsByInsight': [{_insight("SearchInsights", 0.75)},
                {_insight("LangStatsInsights", 0.25)}]}}) END""",
    "cody_usage": f"""CASE
        WHEN (critical OR ancient) OR cody_share = 0 THEN NULL
        ELSE as_text({{
            'Daily': {_cody_period("day", "daily", "daily")},
                'Weekly': {_cody_period("week_start", "weekly", "week_visits")},
            'Monthly': {_CODY_MONTH}}}) END""",
    "dependency_versions": "CASE WHEN ancient THEN NULL ELSE dependency_versions END",
    "code_host_versions": "CASE WHEN (critical OR ancient) THEN NULL ELSE code_host_versions END",
    "saved_searches": f"""CASE
        WHEN (critical OR ancient) OR saved = 0 THEN NULL
        ELSE as_text({{'TotalSavedSearches': {_whole("accounts * saved * 1.6")},
            'UniqueUsers': {_whole("accounts * saved")},
            'OrgSavedSearches': {_whole("accounts * saved * 0.3")},
                'NotificationsSent': {_whole("visits * saved * 0.4")},
            'NotificationsClicked': {_whole("visits * saved * 0.05")},
                'UniqueUserPageViews': {_whole("monthly * saved * 0.6")}}}) END""",
    "code_monitoring_usage": f"""CASE
        WHEN (critical OR ancient) OR monitors = 0 THEN NULL
        ELSE as_text({{'CodeMonitoringPageViews': {_whole("rolling * monitors * 19")},
            'CreateFormSubmitted': {_whole("rolling * monitors * 0.6")},
            'EmailActionsTriggered': {_whole("rolling * monitors * 24")},
                'TriggerRuns': {_whole("accounts * monitors * 93 * 4")},
            'TriggerRunsErrored': {_whole("accounts * monitors * 3")},
                'MonitorsEnabled': {_whole("accounts * monitors + 1")},
            'MonitorsEnabledUniqueUsers': {_whole("accounts * monitors * 0.6 + 1")},
                'ReposMonitored': {_whole("accounts * monitors * 2.5")}}}) END""",
    "notebooks_usage": f"""CASE
        WHEN (critical OR ancient) OR notebooks = 0 THEN NULL
        ELSE as_text({{'NotebookPageViews': {_whole("rolling * notebooks * 16")},
            'NotebooksListPageViews': {_whole("rolling * notebooks * 6")},
            'NotebooksCreatedCount': {_whole("rolling * notebooks * 1.1")},
                'NotebookAddedStarsCount': {_whole("rolling * notebooks * 0.4")}}}) END""",
    "code_host_integration_usage": f"""CASE
        WHEN (critical OR ancient) OR browser_extension + native_integration = 0 THEN NULL
        ELSE as_text({{'Month': {_integrations("month_start", "monthly", "month_visits")},
            'Week': {_integrations("week_start", "weekly", "week_visits")},
            'Day': {_integrations("day", "daily", "daily")}}}) END""",
    "ide_extensions_usage": f"""CASE
        WHEN (critical OR ancient) OR vscode + jetbrains = 0 THEN NULL
        WHEN jetbrains = 0 THEN as_text({{'IDEs': [{_ide("vscode")}]}})
        WHEN vscode = 0 THEN as_text({{'IDEs': [{_ide("jetbrains")}]}})
        ELSE as_text({{'IDEs': [{_ide("vscode")}, {_ide("jetbrains")}]}}) END""",
    "code_insights_critical_telemetry": f"""CASE
        WHEN ancient OR insights = 0 THEN NULL
        ELSE as_text({{'TotalInsights': {_whole("accounts * insights * 1.4 + 1")}}}) END""",
    "homepage_panels": "NULL",
    "retention_statistics": "NULL",
    "repositories": """CASE
        WHEN (critical OR ancient) OR repositories = 0 THEN NULL
        ELSE as_text({'GitDirBytes': repositories * 48000000, 'NewLinesCount': repositories * 61000,
            'OldLinesCount': 0}) END""",
    "repository_size_histogram": "NULL",
    "search_onboarding": "NULL",
    "extensions_usage": "NULL",
    "search_jobs_usage": "NULL",
    "migrated_extensions_usage": "NULL",
    "own_usage": "NULL",
    "repo_metadata_usage": "NULL",
}

# All other columns, texts as the server stores them.
SCALARS = {
    "remote_ip": "remote_ip",
    "remote_site_version": "version",
    "remote_site_id": "site_id",
    "license_key": "license_key",
    "has_update": "has_update",
    "unique_users_today": "CASE quirk WHEN 'bad number' THEN bad_number ELSE CAST(daily AS VARCHAR) END",
    "site_activity": "",
    "batch_changes_usage": "",
    "new_code_intel_usage": "",
    "search_usage": "",
    "growth_statistics": "",
    "code_insights_usage": "",
    "cody_usage": "",
    "installer_email": "email",
    "auth_providers": "auth",
    "ext_services": "code_hosts",
    "builtin_signup_allowed": "CASE WHEN contains(auth, 'builtin') THEN 'true' ELSE 'false' END",
    "access_request_enabled": "CASE WHEN ancient THEN '' ELSE 'true' END",
    "deploy_type": "CASE WHEN ancient THEN '' ELSE deploy_type END",
    "total_user_accounts": "CASE quirk WHEN 'bad number' THEN bad_number ELSE CAST(accounts AS VARCHAR) END",
    "has_external_url": "'true'",
    "has_repos": "CASE WHEN repositories > 0 THEN 'true' ELSE 'false' END",
    "ever_searched": "CASE WHEN accounts > 0 THEN 'true' ELSE 'false' END",
    "ever_find_refs": "CASE WHEN navigation > 0 THEN 'true' ELSE 'false' END",
    "total_repos": "CASE WHEN app THEN CAST(repositories AS VARCHAR) ELSE '0' END",
    "active_today": "CASE WHEN daily > 0 THEN 'true' ELSE 'false' END",
    "os": "CASE WHEN app THEN 'mac' ELSE '' END",
    "has_cody_enabled": "CASE WHEN ancient THEN NULL WHEN cody_share > 0 THEN 'true' ELSE 'false' END",
    "timestamp": "strftime(sent_at, '%Y-%m-%dT%H:%M:%SZ')",
    "received_at": "received_at AT TIME ZONE 'UTC'",
}


# Payloads that every ping of a day sends: users, and what tells the instance itself. All others come once a day.
SENT_ALWAYS = frozenset({"site_activity", "dependency_versions", "code_host_versions"})


def ping_select() -> str:
    """The SELECT that turns the relation `facts` into rows of `sourcegraph_analytics.update_checks`."""
    daily = {
        name: payload if payload == "NULL" or name in SENT_ALWAYS else f"CASE WHEN last THEN {payload} END"
        for name, payload in PAYLOADS.items()
    }
    columns = {**SCALARS, **daily}
    columns["received_at"] = columns.pop("received_at")
    lines = [
        f"{expression if name == 'received_at' else f'CAST({expression} AS VARCHAR)'} AS {name}"
        for name, expression in columns.items()
    ]
    return "SELECT " + ",\n  ".join(lines) + "\nFROM facts"
