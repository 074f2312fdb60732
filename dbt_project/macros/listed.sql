{#
What the lists of one dataset tell of one role's persons, split where the knowledge about them changed. Who still stands
in a list in another row, with another child or another account, is not absent from it.
#}
{% macro persons_told(dataset, role, entity) %}
every_split as (
    select
        *,
        {{ entity }} as entity_key
    from (
        {{ resolved(dataset, [(role ~ '_ref', role ~ '_key', 'int_adult_identities')]) }}
    ) as everything
    where split_from < split_to and {{ role }}_key is not null
),

told as (
    select r.*
    from every_split as r
    where r.is_present or not exists (
        select 1 from every_split as p
        where p.entity_key = r.entity_key and p.delivery_id = r.delivery_id and p.is_present
            and p.split_from <= r.split_from and p.split_to >= r.split_to
    )
)
{% endmacro %}
