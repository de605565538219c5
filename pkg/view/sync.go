package view

// DefaultTriggers returns the triggers of a subscription that names none.
func DefaultTriggers() []string {
	return []string{"on-sync-failed", "on-health-degraded", "on-sync-status-unknown"}
}
