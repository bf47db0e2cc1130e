package sandbox

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// item is a resource of a feed with all its properties.
type item map[string]any

// feed declares the items of one path (Health Graph API, content types).
type feed struct {
	path, media string
	// item are the media types of one item, list the media type of the feed.
	item []string
	list string
	// when is the property that items are sorted by.
	when string
	// fixed feeds do not let when be changed.
	fixed bool
	// required and optional properties of bodies, and properties of a create only.
	required, optional, once map[string]check
	// values asks for at least one optional property.
	values bool
	// detail are properties that the feed does not show.
	detail []string
}

var posts = map[string]check{"post_to_facebook": isBool, "post_to_twitter": isBool}

// newFeeds are the feeds that people have.
func newFeeds() []*feed {
	fitness := &feed{
		path: "/fitnessActivities", media: "FitnessActivity", item: []string{"FitnessActivity", "FitnessActivitySummary"}, list: "FitnessActivityFeed", when: "start_time",
		required: map[string]check{"type": isOneOf(activityTypes), "start_time": isTime, "duration": isNumber},
		optional: map[string]check{
			"total_distance": isNumber, "secondary_type": isText(64), "equipment": isOneOf(equipment), "average_heart_rate": isNumber,
			"total_calories": isNumber, "notes": isText(1024), "heart_rate": isArray(1), "path": isArray(2), "distance": isArray(1), "calories": isArray(1),
			"share": isOneOf(audiences), "share_map": isOneOf(audiences),
		},
		once: map[string]check{"detect_pauses": isBool},
		detail: []string{"secondary_type", "equipment", "average_heart_rate", "notes", "heart_rate", "path", "distance", "calories", "share", "share_map",
			"climb", "is_live", "userID", "comments"},
	}
	maps.Copy(fitness.once, posts)
	strength := &feed{
		path: "/strengthTrainingActivities", media: "StrengthTrainingActivity", item: []string{"StrengthTrainingActivity"}, list: "StrengthTrainingActivityFeed", when: "start_time",
		required: map[string]check{"start_time": isTime, "exercises": isExercises},
		optional: map[string]check{"total_calories": isNumber, "notes": isText(1024)}, once: posts,
		detail: []string{"exercises", "total_calories", "notes", "userID", "source", "comments"},
	}
	feeds := []*feed{fitness, strength}
	for _, m := range measurements {
		f := &feed{
			path: m.path, media: m.media, item: []string{m.media}, list: m.media + "Feed", when: "timestamp", fixed: true, values: true,
			required: map[string]check{"timestamp": isTime}, optional: map[string]check{}, once: posts, detail: []string{"userID", "source"},
		}
		for _, name := range strings.Fields(m.values) {
			f.optional[name] = isNumber
		}
		if m.path == "/nutrition" {
			f.optional["meal"] = isOneOf([]string{"breakfast", "lunch", "dinner", "snack", "other", "unspecified"})
		}
		feeds = append(feeds, f)
	}
	return feeds
}

// measurements are the feeds of values (Health Graph API, measurements).
var measurements = []struct{ path, media, values string }{
	{"/weight", "WeightSet", "weight free_mass mass_weight fat_percent bmi"},
	{"/backgroundActivities", "BackgroundActivitySet", "calories_burned steps"},
	{"/sleep", "SleepSet", "total_sleep deep rem light awake times_woken"},
	{"/nutrition", "NutritionSet", "calories carbohydrates fat fiber protein sodium water"},
	{"/generalMeasurements", "GeneralMeasurementSet", "systolic diastolic total_cholesterol hdl ldl uric_acid blood_calcium blood_magnesium resting_heartrate " +
		"vitamin_d ferritin blood_folic_acid blood_vitamin_b12 crp hscrp tsh creatine_kinase il6 testosterone blood_potassium blood_sodium blood_zinc " +
		"blood_chromium white_cell_count"},
	{"/diabetes", "DiabetesMeasurementSet", "fasting_plasma_glucose_test oral_glucose_tolerance_test random_plasma_glucose_test triglyceride hemoglobin_a1c insulin c_peptide"},
}

// The words of enumerations.
var (
	activityTypes = []string{
		"Running", "Cycling", "Mountain Biking", "Walking", "Hiking", "Downhill Skiing", "Cross-Country Skiing", "Snowboarding", "Skating", "Swimming",
		"Wheelchair", "Rowing", "Elliptical", "Other", "Yoga", "Pilates", "CrossFit", "Spinning", "Zumba", "Barre", "Group Workout", "Dance", "Bootcamp",
		"Boxing / MMA", "Meditation", "Strength Training", "Circuit Training", "Core Strengthening", "Arc Trainer", "Stairmaster / Stepwell", "Sports",
		"Nordic Walking",
	}
	equipment    = []string{"None", "Treadmill", "Stationary Bike", "Elliptical", "Row Machine"}
	audiences    = []string{"Just Me", "Friends", "Street Team", "Everyone"}
	athleteKinds = []string{"Athlete", "Runner", "Marathoner", "Ultra Marathoner", "Cyclist", "Tri-Athlete", "Walker", "Hiker", "Skier", "Snowboarder", "Skater", "Swimmer", "Rower"}
)

// accept reads the body of a create or an update into an item.
func (f *feed) accept(body map[string]any, create bool) (item, error) {
	known := maps.Clone(f.optional)
	maps.Copy(known, f.required)
	if create {
		maps.Copy(known, f.once)
	} else if f.fixed {
		delete(known, f.when)
	}
	out := item{}
	values := 0
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if known[name] == nil {
			return nil, fmt.Errorf("%s cannot be written", name)
		}
		if err := known[name](body[name]); err != nil {
			return nil, fmt.Errorf("%s %w", name, err)
		}
		if _, value := f.optional[name]; value {
			values++
		}
		if f.once[name] == nil {
			out[name] = body[name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.required)) {
		if _, given := body[name]; create && !given {
			return nil, fmt.Errorf("%s is missing", name)
		}
	}
	if f.values && values == 0 {
		return nil, errors.New("there is no value")
	}
	if other := out["type"]; out["secondary_type"] != nil && other != nil && other != "Other" {
		return nil, errors.New("secondary_type goes with the type Other only")
	}
	return out, nil
}

// row is an item as the feed shows it.
func (f *feed) row(i item) item {
	row := maps.Clone(i)
	maps.DeleteFunc(row, func(name string, _ any) bool { return slices.Contains(f.detail, name) })
	return row
}

// at is when an item was.
func (f *feed) at(i item) time.Time {
	text, _ := i[f.when].(string)
	at, err := time.Parse(clockForm, text)
	if err != nil {
		return time.Time{}
	}
	return at
}
