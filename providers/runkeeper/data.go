package runkeeper

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// dataSources declares the data sources, sorted by name.
func dataSources() []*schema.DataSource {
	account := attribute{Name: "account", Type: cty.String, Optional: true, Example: `"ada"`, Doc: "Name of the account; without it, all accounts."}
	one := attribute{Name: "account", Type: cty.String, Required: true, Example: `"ada"`, Doc: "Name of the account."}
	since := attribute{Name: "since", Type: cty.String, Optional: true, Doc: "First day, such as 2026-06-01, or an instant such as 2026-06-01T08:00:00Z."}
	until := attribute{Name: "until", Type: cty.String, Optional: true, Doc: "Last day, which is within, or an instant, which is not."}
	typ := attribute{Name: "type", Type: cty.String, Optional: true, Doc: "Type of activity, such as Running; case does not matter."}
	measure := attribute{Name: "type", Type: cty.String, Optional: true, Doc: "Type of measurement, such as weight."}
	details := attribute{Name: "details", Type: cty.Bool, Optional: true,
		Doc: "Also ask the API for notes, climb and heart rate: one request for each activity, so bound them by since. Exports tell them anyway."}
	offsets := attribute{Name: "offsets", Type: cty.Bool, Optional: true,
		Doc: "false does not look into tracks for utc_offset, which makes many activities of exports quick to read; true when not written."}
	return []*schema.DataSource{
		{Name: "runkeeper_activities", Kind: kindActivity, Many: "activities", Doc: "Activities, newest first for each account.",
			Arguments: []attribute{account, typ, since, until, details, offsets}},
		{Name: "runkeeper_athlete", Kind: kindAthlete,
			Doc:       "One person: totals, best efforts, streaks, and how long ago the last activity was. type narrows all of it, since and until what attributes named total, longest or best say.",
			Arguments: []attribute{one, typ, since, until}},
		{Name: "runkeeper_athletes", Kind: kindAthlete, Many: "athletes", Doc: "Every person of the provider, as runkeeper_athlete has one.",
			Arguments: []attribute{typ, since, until}},
		{Name: "runkeeper_friends", Kind: kindFriend, Many: "friends", Doc: "Friends of accounts of the API. Exports have none.",
			Arguments: []attribute{account}},
		{Name: "runkeeper_measurements", Kind: kindMeasurement, Many: "measurements", Doc: "Measurements, newest first for each account.",
			Arguments: []attribute{account, measure, since, until}},
		{Name: "runkeeper_records", Kind: kindRecord, Many: "records", Doc: "Longest distances for each type of activity.",
			Arguments: []attribute{account, typ}},
	}
}
