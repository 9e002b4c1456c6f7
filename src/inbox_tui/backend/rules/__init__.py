"""Distribution rules (R2) and business hours (M11): what there is, what may be changed, a trial."""
