package report

// FormatVersion is the version of the JSON form of a Report.
const FormatVersion = "1.0"

// Report is everything that is told about a club.
type Report struct {
	FormatVersion string `json:"format_version"`
	// GeneratedAt is an instant, RFC 3339 with the offset of Timezone.
	GeneratedAt string `json:"generated_at"`
	// Timezone of the club, such as Europe/Vienna.
	Timezone string `json:"timezone"`
	// Since is the first day of the timelines.
	Since string `json:"since"`
	// Redacted is true when names, addresses and texts were masked.
	Redacted bool `json:"redacted"`
	Club     Club `json:"club"`
	// People are sorted by name; when redacted, by distance.
	People []Person `json:"people"`
}

// Club sums up all people.
type Club struct {
	Name   string `json:"name,omitempty"`
	People int    `json:"people"`
	// Athletes are the people with a Runkeeper account.
	Athletes int `json:"athletes"`
	// Unread accounts could not be read, and are in none of the sums.
	Unread int `json:"accounts_unread"`
	// Active7 and Active30 have an activity within so many days, today
	// included.
	Active7  int `json:"active_last_7_days"`
	Active30 int `json:"active_last_30_days"`
	Load
	// Weeks are the sums of all people's weeks, oldest first.
	Weeks []Week `json:"weeks"`
	// Idle are the athletes without activity for a week or longer, the longest
	// first; those who were never active come at the very front. Who has an
	// account that could not be read may have been active there.
	Idle []Idle `json:"idle"`
	// Overdue, and Due within a week, count open tasks; Tasks are those, the
	// oldest first.
	Overdue int       `json:"tasks_overdue"`
	Due     int       `json:"tasks_due"`
	Tasks   []DueTask `json:"tasks"`
}

// Load compares this week with those before. Weeks begin on Monday where the
// person is.
type Load struct {
	// ThisWeek is the distance since Monday, LastWeek of the week before.
	ThisWeek float64 `json:"this_week_km"`
	LastWeek float64 `json:"last_week_km"`
	// Before is the mean of the four whole weeks before this one.
	Before float64 `json:"mean_of_4_weeks_before_km"`
	// Change is how far this week is above (or below, negative) that mean, in
	// percent: on a Monday, naturally, far below. LastChange compares the last
	// week, which is over, with the four before it. Both are absent when there
	// is nothing to compare with.
	Change     *int `json:"change_percent,omitempty"`
	LastChange *int `json:"last_week_change_percent,omitempty"`
}

// Week is what was done between a Monday and the next.
type Week struct {
	Monday     string  `json:"monday"`
	Distance   float64 `json:"distance_km"`
	Duration   float64 `json:"duration_s"`
	Activities int     `json:"activities"`
}

// Idle is an athlete who is not active.
type Idle struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	// Days since the last activity; absent when there never was one.
	Days *int   `json:"days_idle,omitempty"`
	Last string `json:"last_activity_date,omitempty"`
	// Exported is as in Training: the person may have run since.
	Exported string `json:"exported_on,omitempty"`
}

// DueTask is an open task that is overdue or due within a week.
type DueTask struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	Task
}

// Task is an open task.
type Task struct {
	ID    string `json:"id,omitempty"`
	Title string `json:"title"`
	Date  string `json:"due_date"`
	// State is overdue, today, soon (within a week) or later.
	State string `json:"state"`
	// Days until it is due, negative when it is overdue.
	Days int `json:"days"`
}

// Person is one person.
type Person struct {
	// Key names the person within this report: "p1".
	Key   string   `json:"key"`
	Name  string   `json:"name"`
	Email string   `json:"email,omitempty"`
	Phone string   `json:"phone,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	// ContactID in the CRM, and the Address under which the files manage it.
	ContactID string `json:"contact_id,omitempty"`
	Address   string `json:"address,omitempty"`
	// Accounts at Runkeeper, by the names that the files give them.
	Accounts []string `json:"accounts,omitempty"`
	Timezone string   `json:"timezone"`
	// Training is absent without account.
	Training *Training `json:"training,omitempty"`
	// Unread are accounts that could not be read, so that what was done there is
	// not known.
	Unread []Unread `json:"unread,omitempty"`
	// Tasks that are open, the oldest first.
	Tasks []Task `json:"open_tasks"`
	// Timeline is newest first; what is still to come stands at its front.
	Timeline []Entry `json:"timeline"`
	// Older entries are known to exist before Since.
	Older int `json:"older_entries"`
}

// Unread is an account that could not be read.
type Unread struct {
	Account string `json:"account"`
	// Reason is why, and what to do, without full stop at the end.
	Reason string `json:"reason"`
}

// Training sums up what a person did.
type Training struct {
	// Activities and Distance since ever.
	Activities int     `json:"activities"`
	Distance   float64 `json:"total_distance_km"`
	Load
	LastDate     string  `json:"last_activity_date,omitempty"`
	LastType     string  `json:"last_activity_type,omitempty"`
	LastDistance float64 `json:"last_activity_distance_km,omitempty"`
	// DaysIdle since the last activity, 0 for today; absent when there is none.
	DaysIdle *int `json:"days_idle,omitempty"`
	// Exported is the day of the export that all of this is from; what was done
	// later is not known. Absent for an account of the API.
	Exported string `json:"exported_on,omitempty"`
	// Weeks are oldest first; the last one is this week.
	Weeks []Week `json:"weeks"`
}

// The kinds of an Entry.
const (
	Activity    = "activity"
	Note        = "note"
	TaskEntry   = "task"
	Appointment = "appointment"
)

// Entry is one line of a timeline.
type Entry struct {
	// Kind is activity, note, task or appointment.
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
	// Date and Time by the clock on the wall: where the person was for an
	// activity, at the club for all else. A task that is due on a day has no
	// time.
	Date string `json:"date"`
	Time string `json:"time,omitempty"`
	// Title is the type of an activity, else what the CRM has.
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
	// State of a task is done, overdue, today, soon or later. Of an
	// appointment it is the CRM's word, such as confirmed.
	State string `json:"state,omitempty"`
	// Upcoming entries lie ahead.
	Upcoming bool `json:"upcoming,omitempty"`
	// The figures of an activity; 0 is not known.
	Distance  float64 `json:"distance_km,omitempty"`
	Duration  float64 `json:"duration_s,omitempty"`
	Pace      float64 `json:"pace_s_per_km,omitempty"`
	HeartRate float64 `json:"heart_rate_bpm,omitempty"`
}
