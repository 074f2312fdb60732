{{ increment_records('firm_sales') }}
