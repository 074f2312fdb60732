select code_list, code, label_zh
from {{ ref('dataset_code_labels') }}
union all
select code_list, code, label_zh
from {{ ref('derived_code_labels') }}
union all
select 'programmes.programme_key' as code_list, programme_key as code, coalesce(brand_zh, name_zh) as label_zh
from {{ ref('programmes') }}
