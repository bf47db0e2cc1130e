package export

import (
	"math"
	"time"
)

// Amount is a number that may be missing.
type Amount struct {
	Value float64
	Known bool
}

// Activity is one row of cardioActivities.csv.
type Activity struct {
	// ID is the Activity Id, or one made of start, type and duration for rows
	// without: then Made is set.
	ID   string
	Made bool
	// Start is the clock on the wall, as if it were UTC. Clock adds the zone.
	Start time.Time
	// Zone is where that clock hung, nil when not known. Locate finds it.
	Zone *time.Location
	// Type is Runkeeper's word: "Running".
	Type      string
	RouteName string
	// Distance in metres.
	Distance float64
	Duration time.Duration
	Figures
	// Friends are the names of friends who took part.
	Friends []string
	Notes   string
	// Equipment and SecondaryType are told by the API only.
	Equipment, SecondaryType string
	Row
}

// Figures of an activity: Pace in seconds for a kilometre, Speed in kilometres
// per hour, Calories in kilocalories, Climb in metres, HeartRate in beats per
// minute.
type Figures struct {
	Pace, Speed, Calories, Climb, HeartRate Amount
}

// Row is what an export has of an activity beside the activity itself.
type Row struct {
	// Track is the name of the GPX file, empty when there is none.
	Track string
	// Other are the values of columns that this package does not know, by
	// their header.
	Other map[string]string
	// Line of the file that the activity was read from.
	Line int

	part *part
}

// Clock is the start with its zone. ok is false when the zone is not known:
// then the time is the clock on the wall as if it were UTC.
func (a *Activity) Clock() (start time.Time, ok bool) {
	if a.Zone == nil {
		return a.Start, false
	}
	return Clock(a.Start, a.Zone), true
}

// Clock is the instant at which a clock on the wall, given as if it were UTC,
// showed a time in a zone. A time that the clock showed twice is the first one. A
// time that it left out, when it was put forward, was read from a clock that was
// not: it keeps the offset from before.
func Clock(wall time.Time, zone *time.Location) time.Time {
	_, before := wall.AddDate(0, 0, -1).In(zone).Zone()
	_, after := wall.AddDate(0, 0, 1).In(zone).Zone()
	for _, offset := range []int{before, after} {
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, at := t.Zone(); at == offset {
			return t
		}
	}
	return wall.Add(-time.Duration(before) * time.Second).In(time.FixedZone("", before))
}

// Rate works pace and speed out, where no file tells them.
func (a *Activity) Rate() {
	if s := a.Duration.Seconds(); a.Distance > 0 && s > 0 {
		a.Pace = Amount{Value: Round(s/a.Distance*1000, 2), Known: true}
		a.Speed = Amount{Value: Round(a.Distance/s*3.6, 6), Known: true}
	}
}

// Kilometres is the distance in kilometres.
func (a *Activity) Kilometres() float64 { return Round(a.Distance/1000, 5) }

// Round rounds to decimal places, half away from zero. Two places of a
// kilometre or mile survive five places of a kilometre and two of a metre.
func Round(f float64, places int) float64 {
	scale := math.Pow10(places)
	if math.Abs(f) > 1<<53/scale {
		return f
	}
	return math.Round(f*scale) / scale
}

// Measurement is one row of measurements.csv.
type Measurement struct {
	// ID is made of time and type.
	ID string
	// Time is the clock on the wall, as if it were UTC.
	Time time.Time
	// Type is the export's word: "weight".
	Type  string
	Value float64
	// Line of the file that the measurement was read from.
	Line int
}

// units of measurements. Weight is in kilogrammes for everybody, whatever the
// account shows. Units of measurements that no export has come from the
// API (Health Graph API, measurements).
var units = map[string]string{
	"weight": "kg", "free_mass": "kg", "mass_weight": "kg", "fat_percent": "%", "steps": "count", "calories_burned": "kcal",
	"nutrition_calories": "kcal", "nutrition_carbs": "g", "nutrition_fat": "g", "nutrition_fiber": "g", "nutrition_protein": "g",
	"nutrition_sodium": "mg", "nutrition_water": "fl oz", "sleep_total": "min", "sleep_deep": "min", "sleep_rem": "min", "sleep_light": "min",
	"sleep_awake": "min", "sleep_times_woken": "count", "systolic": "mmHg", "diastolic": "mmHg", "resting_heartrate": "bpm",
	"total_cholesterol": "mg/dL", "hdl": "mg/dL", "ldl": "mg/dL", "uric_acid": "mg/dL", "blood_calcium": "mg/dL", "blood_magnesium": "mg/dL",
	"vitamin_d": "ng/mL", "ferritin": "ng/mL", "blood_folic_acid": "ng/mL", "blood_vitamin_b12": "pg/mL", "crp": "mg/L", "hscrp": "mg/L",
	"creatine_kinase": "U/L", "fasting_plasma_glucose_test": "mg/dL", "oral_glucose_tolerance_test": "mg/dL",
	"random_plasma_glucose_test": "mg/dL", "triglyceride": "mg/dL", "hemoglobin_a1c": "g/dL", "insulin": "U", "c_peptide": "ng/mL",
}

// Unit of the value, empty for types that are not known.
func (m *Measurement) Unit() string { return units[m.Type] }
