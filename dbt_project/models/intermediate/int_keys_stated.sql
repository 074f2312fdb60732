{{ stated_in_every_dataset() }}
