{{ current_statements('livestreams', [('streamer_ref', 'streamer_key', 'int_adult_identities')],
    ['sender', 'platform', 'session_id', 'extracted_at', 'streamer_key'],
    ['received_at', 'delivery_id', 'sheet_no', 'row_no']) }}
