with mentions as (select * from {{ ref('int_adults_mentioned') }}),

{{ person_identities('mentions', ['number_token', 'contact_token']) }}
