{{ newest_at_fairs('fair_reach') }}
