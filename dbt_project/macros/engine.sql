{# Everything in which DuckDB and Spark differ. Instants are UTC timestamps without zone after staging. #}
{% macro utc(instant) %}{{ return(adapter.dispatch('utc', 'jinguo')(instant)) }}{% endmacro %}
{% macro default__utc(instant) %}timezone('UTC', {{ instant }}){% endmacro %}
{% macro spark__utc(instant) %}cast({{ instant }} as timestamp_ntz){% endmacro %}

{# China has kept UTC+8 without summer time since 1991. #}
{% macro shanghai_time(instant) %}{{ return(adapter.dispatch('shanghai_time', 'jinguo')(instant)) }}{% endmacro %}
{% macro default__shanghai_time(instant) %}({{ instant }} + interval 8 hour){% endmacro %}
{% macro shanghai_date(instant) %}cast({{ shanghai_time(instant) }} as date){% endmacro %}

{% macro days_between(from_on, to_on) %}{{ return(adapter.dispatch('days_between', 'jinguo')(from_on, to_on)) }}{% endmacro %}
{% macro default__days_between(from_on, to_on) %}date_diff('day', {{ from_on }}, {{ to_on }}){% endmacro %}
{% macro spark__days_between(from_on, to_on) %}datediff({{ to_on }}, {{ from_on }}){% endmacro %}

{% macro days_after(day, days) %}{{ return(adapter.dispatch('days_after', 'jinguo')(day, days)) }}{% endmacro %}
{% macro default__days_after(day, days) %}cast({{ day }} + cast({{ days }} as integer) as date){% endmacro %}
{% macro spark__days_after(day, days) %}date_add({{ day }}, {{ days }}){% endmacro %}

{% macro months_after(day, months) %}{{ return(adapter.dispatch('months_after', 'jinguo')(day, months)) }}{% endmacro %}
{% macro default__months_after(day, months) %}cast({{ day }} + to_months(cast({{ months }} as integer)) as date){% endmacro %}
{% macro spark__months_after(day, months) %}add_months({{ day }}, {{ months }}){% endmacro %}

{% macro day_series(first_on, last_on) %}{{ return(adapter.dispatch('day_series', 'jinguo')(first_on, last_on)) }}{% endmacro %}
{% macro default__day_series(first_on, last_on) %}cast(unnest(generate_series({{ first_on }}, {{ last_on }}, interval 1 day)) as date){% endmacro %}
{% macro spark__day_series(first_on, last_on) %}explode(sequence({{ first_on }}, {{ last_on }}, interval 1 day)){% endmacro %}

{# A list as sorted text, so that two equal sets are equal text. #}
{% macro list_text(items, separator) %}{{ return(adapter.dispatch('list_text', 'jinguo')(items, separator)) }}{% endmacro %}
{% macro default__list_text(items, separator) %}nullif(array_to_string(list_sort({{ items }}), '{{ separator }}'), ''){% endmacro %}
{% macro spark__list_text(items, separator) %}nullif(array_join(array_sort({{ items }}), '{{ separator }}'), ''){% endmacro %}

{% macro explode_text(items, separator) %}{{ return(adapter.dispatch('explode_text', 'jinguo')(items, separator)) }}{% endmacro %}
{% macro default__explode_text(items, separator) %}unnest(string_split({{ items }}, '{{ separator }}')){% endmacro %}
{% macro spark__explode_text(items, separator) %}explode(split({{ items }}, '{{ separator }}')){% endmacro %}

{% macro iso_week(day) %}{{ return(adapter.dispatch('iso_week', 'jinguo')(day)) }}{% endmacro %}
{% macro default__iso_week(day) %}cast(weekofyear({{ day }}) as integer){% endmacro %}

{# Midnight in Shanghai means that only the day was written (ingest.contracts.columns.instant). #}
{% macro has_hour(instant) %}({{ shanghai_time(instant) }} <> date_trunc('day', {{ shanghai_time(instant) }})){% endmacro %}

{# The value below which a share of the rows lies, between two rows by straight line; nulls do not count. #}
{% macro quantile(value, share) %}{{ return(adapter.dispatch('quantile', 'jinguo')(value, share)) }}{% endmacro %}
{% macro default__quantile(value, share) %}quantile_cont({{ value }}, {{ share }}){% endmacro %}
{% macro spark__quantile(value, share) %}percentile({{ value }}, {{ share }}){% endmacro %}
