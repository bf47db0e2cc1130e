package sandbox

import "strings"

// integration is who the API says made a contact: the caller of the API.
func integration(ms int64) object {
	return object{"source": "INTEGRATION", "channel": "OAUTH", "sourceId": "sandbox", "timestamp": stamp(ms)}
}

// visibleTexts are the text fields of a read by id; unset ones are left out.
var visibleTexts = []string{
	"firstName", "lastName", "email", "phone", "address1", "city", "state", "postalCode", "country",
	"website", "timezone", "companyName", "source", "assignedTo", "type", "businessId",
}

// view is a contact as a read by id answers it.
func (p *contacts) view(c *contact) object {
	out := object{
		"id": c.ID, "locationId": p.l.settings.ID,
		"dateAdded": stamp(c.Added), "dateUpdated": stamp(c.Updated),
		"createdBy": integration(c.Added),
		"tags":      orEmpty(c.Tags), "customFields": p.l.fields.defined(c.CustomFields),
		"additionalEmails": orEmpty(c.AdditionalEmails), "additionalPhones": phoneObjects(c.AdditionalPhones),
	}
	for _, name := range visibleTexts {
		if v := *c.text(name); v != "" {
			out[name] = v
		}
	}
	for name, v := range map[string]string{
		"firstNameLowerCase": c.FirstName, "lastNameLowerCase": c.LastName,
		"fullNameLowerCase": c.fullName(), "emailLowerCase": c.Email,
	} {
		if v != "" {
			out[name] = strings.ToLower(v)
		}
	}
	if c.DateOfBirth != nil {
		out["dateOfBirth"] = stamp(*c.DateOfBirth)
	}
	if c.DND != nil {
		out["dnd"] = *c.DND
	}
	if c.DNDSettings != nil {
		out["dndSettings"] = c.DNDSettings
	}
	if len(c.Followers) > 0 {
		out["followers"] = c.Followers
	}
	return out
}

// createdView is a contact as its creation answers it.
func (p *contacts) createdView(c *contact) object {
	out := p.view(c)
	delete(out, "additionalEmails")
	delete(out, "additionalPhones")
	out["deleted"] = false
	out["bounceEmail"], out["unsubscribeEmail"] = false, false
	out["validEmail"], out["validEmailDate"] = nil, nil
	out["lastUpdatedBy"] = integration(c.Updated)
	out["lastSessionActivityAt"] = stamp(c.Added)
	return out
}

// updatedView is a contact as its update answers it.
func (p *contacts) updatedView(c *contact) object {
	out := p.view(c)
	out["followers"] = orEmpty(c.Followers)
	return out
}

func phoneObjects(phones []string) []object {
	out := make([]object, 0, len(phones))
	for _, phone := range phones {
		out = append(out, object{"phone": phone})
	}
	return out
}

// orEmpty makes a missing list an empty one, which JSON tells apart.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
