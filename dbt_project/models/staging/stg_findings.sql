{{ found_in_every_dataset(
    'findings',
    ['sender', 'delivery_id', 'batch_id', 'sheet_no', 'row_no', 'record_key', 'code', 'column_name', 'class']
) }}
