package config

// settings reads the lockstep block. Its expressions are evaluated later, so
// they may use variables and local values.
func (d *decoder) settings(b block) {
	if d.module.Parent != nil {
		d.error("Settings in a module", b.DefRange(), "The lockstep block stands in the root module only.")
		return
	}
	s := d.loader.cfg.Settings
	if s.Range.Filename != "" {
		d.duplicate("lockstep block", "lockstep", s.Range, b.DefRange())
		return
	}
	s.Range = b.DefRange()
	b.only([]string{"required_version"}, []string{"backend", "encryption", "guard", "report", "state"})
	s.RequiredVersion = b.optional("required_version")
	if backend, ok := b.single("backend"); ok {
		s.Backend = backend.backend()
	}
	if encryption, ok := b.single("encryption"); ok {
		encryption.only([]string{"recipients"}, nil)
		s.Encryption = &Encryption{Recipients: encryption.optional("recipients"), Range: encryption.DefRange()}
	}
	if guard, ok := b.single("guard"); ok {
		guard.only([]string{"max_deletes", "max_changes"}, nil)
		s.MaxDeletes, s.MaxChanges = guard.optional("max_deletes"), guard.optional("max_changes")
	}
	if state, ok := b.single("state"); ok {
		state.only([]string{"personal_data"}, nil)
		s.PersonalData = state.optional("personal_data")
	}
	if report, ok := b.single("report"); ok {
		report.only([]string{"goal_field", "race_field", "race_date_field"}, nil)
		s.Report = Report{report.optional("goal_field"), report.optional("race_field"), report.optional("race_date_field")}
	}
}

func (b block) backend() *Backend {
	if len(b.Labels) != 1 {
		b.error("Wrong number of labels", b.DefRange(), "A backend block is written: backend \"local\" { … }.")
		return nil
	}
	for _, inner := range b.Body.Blocks {
		b.error("Unsupported block type", inner.TypeRange, "A backend block has arguments only.")
	}
	return &Backend{Type: b.Labels[0], Attributes: b.Body.Attributes, Body: b.Body, Range: b.DefRange()}
}

// BackendArguments are the backends, and what their blocks may say. Secrets and what
// leads to them come from the environment and not from the files.
func BackendArguments() map[string][]string {
	return map[string][]string{
		"http":     {"address", "lock_address", "lock_method", "unlock_address", "unlock_method", "update_method"},
		"local":    {"path"},
		"postgres": {"database", "host", "name", "port", "schema_name", "user"},
		"s3":       {"bucket", "endpoint", "key", "region", "use_path_style"},
	}
}
