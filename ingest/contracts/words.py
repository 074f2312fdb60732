"""Code words that several contracts share. English codes; the senders' words are their values."""

YES_NO = {"yes": ("是", "√", "✓", "1", "有", "Y", "已", "到", "已签"), "no": ("否", "×", "0", "无", "N", "未", "未签")}
SEX = {"female": ("女", "女性", "2"), "male": ("男", "男性", "1")}
LEVEL = {
    "city": ("市", "市级", "地市"),
    "county": ("县", "区", "县级", "区级", "县区", "区县"),
    "township": ("乡", "镇", "乡级", "镇级", "乡镇", "街道", "乡镇街道"),
    "village": ("村", "村级", "社区", "村居", "村（社区）", "村社区"),
}
