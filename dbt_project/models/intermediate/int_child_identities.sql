with mentions as (select * from {{ ref('int_children_mentioned') }}),

-- no link by contact: brothers and sisters share a guardian's telephone
{{ person_identities('mentions', ['number_token']) }}
