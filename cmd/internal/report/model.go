package report

import "lockstep/cmd/internal/report/figures"

// FormatVersion is the version of the JSON form of a Report.
const FormatVersion = "2.0"

// The units in which the page and Markdown tell distances, climbs and speeds.
const (
	Metric   = "metric"
	Imperial = "imperial"
)

// Report is everything that is told about some people.
type Report struct {
	FormatVersion string `json:"format_version"`
	// Title heads the report.
	Title string `json:"title"`
	// GeneratedAt is an instant, RFC 3339 with the offset of Timezone.
	GeneratedAt string `json:"generated_at"`
	// Timezone of the club, such as Europe/Vienna.
	Timezone string `json:"timezone"`
	// Since is the first day that was asked for; empty when none was, and each
	// person's half year is told.
	Since string `json:"since,omitempty"`
	// Units are metric or imperial. Members and columns stay in the units that
	// their names tell.
	Units string `json:"units"`
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
	// Active7 and Active30 have an activity within so many days, Until included.
	Active7  int `json:"active_last_7_days"`
	Active30 int `json:"active_last_30_days"`
	// Training is absent without athletes.
	Training *ClubTraining `json:"training,omitempty"`
	// Idle are the athletes without activity for a week or longer, the longest
	// first; those who were never active come at the very front. Who has an
	// account that could not be read may have been active there.
	Idle []Idle `json:"idle"`
	// Loads are the people whose load grows too fast, the fastest first.
	Loads []Loaded `json:"loads"`
	// Races lie ahead, the next first.
	Races []RaceAhead `json:"races"`
	// Overdue, and Due within a week, count open tasks; Tasks are those, the
	// oldest first.
	Overdue int       `json:"tasks_overdue"`
	Due     int       `json:"tasks_due"`
	Tasks   []DueTask `json:"tasks"`
}

// ClubTraining sums up what all athletes did.
type ClubTraining struct {
	// Window ends with the last day that is known of anybody.
	Window
	// Sports are those that somebody did in the window, the one with the most time
	// first.
	Sports []ClubSport `json:"sports"`
	// Outdated are people of whom more than a week before that last day is not
	// known, because their exports are older; the oldest first.
	Outdated []Outdated `json:"outdated"`
}

// ClubSport is what all people did in one sport.
type ClubSport struct {
	Name    string          `json:"name"`
	Measure figures.Measure `json:"measure"`
	// People did it at least once in the window.
	People int `json:"people"`
	figures.Recent
	// Periods are the weeks, months or years of the window, oldest first.
	Periods []figures.Period `json:"periods"`
	// ThisYear is the distance of the year in which the window ends, LastYear
	// that of the year before up to the same day, in kilometres.
	ThisYear float64 `json:"this_year_km"`
	LastYear float64 `json:"last_year_to_the_same_day_km"`
	// Change is how far the one is above the other, in percent.
	Change *int `json:"year_change_percent,omitempty"`
}

// Outdated is a person whose export is old.
type Outdated struct {
	Person   string `json:"person"`
	Name     string `json:"name"`
	Exported string `json:"exported_on"`
}

// Loaded is a person whose load grows too fast.
type Loaded struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	figures.Load
}

// RaceAhead is a race that somebody will run.
type RaceAhead struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	Race
}

// Window is the days that charts tell.
type Window struct {
	// From is the first day, To the last one. To is earlier than Until when there
	// was no activity for so long that the charts would be empty.
	From string `json:"from"`
	To   string `json:"to"`
	// Until is the last day that is known: today, or the day of the export.
	Until string `json:"until"`
	// Step is how long the periods are: week, month or year.
	Step figures.Step `json:"step"`
}

// Idle is an athlete who is not active.
type Idle struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	// Days is as Training.DaysIdle.
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
	// Aims are what the person wants to reach.
	Aims
	// Tasks that are open, the oldest first.
	Tasks []Task `json:"open_tasks"`
	Story
}

// Story is what happened to a person.
type Story struct {
	// First is the first day of the timeline.
	First string `json:"timeline_since"`
	// Timeline is newest first; what is still to come stands at its front.
	Timeline []Entry `json:"timeline"`
	// Older entries are known to exist before First.
	Older int `json:"older_entries"`
}

// Aims are what a person wants to reach, as custom fields of the contact tell.
type Aims struct {
	Goal *Goal `json:"goal,omitempty"`
	Race *Race `json:"race,omitempty"`
}

// Goal is what a person wants to do.
type Goal struct {
	// Text is what the field says.
	Text string `json:"text"`
	// Distance is that of a year when the text is but a number of Units; 0
	// otherwise.
	Distance float64 `json:"distance_km,omitempty"`
	// Year is the one in which the figures end, Done what was done of the distance
	// in it, Expected what it will be at its end if it goes on like this. Both are
	// of the Sport, and all are absent without training.
	Year     int     `json:"year,omitempty"`
	Done     float64 `json:"done_km,omitempty"`
	Expected float64 `json:"expected_km,omitempty"`
	Sport    string  `json:"sport,omitempty"`
}

// Race is a race that a person will run, or has run.
type Race struct {
	Name string `json:"name"`
	// Date is its day, empty when it is not known.
	Date string `json:"date,omitempty"`
	// Days until then, negative when it is over; absent without Date.
	Days *int `json:"days,omitempty"`
}

// Unread is an account that could not be read.
type Unread struct {
	Account string `json:"account"`
	// Reason is why, and what to do, without full stop at the end.
	Reason string `json:"reason"`
}

// Training sums up what a person did.
type Training struct {
	// Activities and Distance since ever, over all sports.
	Activities   int     `json:"activities"`
	Distance     float64 `json:"total_distance_km"`
	LastDate     string  `json:"last_activity_date,omitempty"`
	LastType     string  `json:"last_activity_type,omitempty"`
	LastDistance float64 `json:"last_activity_distance_km,omitempty"`
	// DaysIdle since the last activity, up to the last day that is known, 0 for
	// that day; absent when there is none.
	DaysIdle *int `json:"days_idle,omitempty"`
	// Exported is the day of the export that all of this is from; what was done
	// later is not known. Absent for an account of the API.
	Exported string `json:"exported_on,omitempty"`
	Window
	// Load has no warning when the figures end long before those of others.
	Load     figures.Load     `json:"load"`
	Streaks  figures.Streaks  `json:"streaks"`
	Calendar figures.Calendar `json:"calendar"`
	// Sports are those of the person, the one with the most time in the window
	// first.
	Sports []Sport `json:"sports"`
}

// Sport is what a person did in one sport.
type Sport struct {
	// Name is Running, Walking, Cycling, Swimming, Rowing, Wheelchair, Skating,
	// Skiing or Other.
	Name    string          `json:"name"`
	Measure figures.Measure `json:"measure"`
	// Total is since ever.
	Total figures.Sums `json:"total"`
	figures.Recent
	// Periods are the weeks, months or years of the window, oldest first.
	Periods []figures.Period `json:"periods"`
	// Year compares this year with the last one, Years are newest first.
	Year    figures.YearToDate `json:"year_to_date"`
	Years   []figures.Period   `json:"years"`
	Records []figures.Record   `json:"records"`
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
	// appointment it is the CRM's word, such as confirmed. Of an activity it is
	// "wrong clock" if it lies after the last day that is known, and is in no
	// figure.
	State string `json:"state,omitempty"`
	// Upcoming entries lie ahead.
	Upcoming bool `json:"upcoming,omitempty"`
	// The figures of an activity; 0 is not known.
	Distance  float64 `json:"distance_km,omitempty"`
	Duration  float64 `json:"duration_s,omitempty"`
	Pace      float64 `json:"pace_s_per_km,omitempty"`
	HeartRate float64 `json:"heart_rate_bpm,omitempty"`
	Climb     float64 `json:"climb_m,omitempty"`
	// Measure is how the speed of the activity is told.
	Measure figures.Measure `json:"measure,omitempty"`
}
