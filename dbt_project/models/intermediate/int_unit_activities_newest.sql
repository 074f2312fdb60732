{{ current_statements('unit_activities', [], ['sender', 'activity_id'],
    ['as_of_on', 'received_at', 'delivery_id', 'sheet_no', 'row_no']) }}
