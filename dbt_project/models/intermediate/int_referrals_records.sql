{{ increment_records('referrals') }}
