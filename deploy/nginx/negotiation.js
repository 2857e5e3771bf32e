// Chooses what nginx sends of a laid-out site, as `lod serve` does: which document an address names, and in which
// format and language its reader would rather have it (RFC 9110, section 12).
import fs from 'fs';

const LONGEST = 4096;
const MOST = 100;
const OFFERED = ['text/html', 'application/ld+json', 'text/turtle', 'application/n-triples', 'application/json'];
const FORMS = ['html', 'jsonld', 'ttl', 'nt', 'jsonld'];
const LANGUAGES = ['fr', 'en'];
const LISTS = ['index', 'deputes', 'groupes', 'ministeres'];
const VARY = 'Accept, Accept-Language, Accept-Encoding';
const CACHED = 'public, max-age=300';
const PLAIN = /^(context\.jsonld|questions\.atom|sitemap(-[0-9]+)?\.xml|robots\.txt)$/;

// Answers for any address under the root.
function answer(r) {
    guarded(r, () => choose(r, r.uri.slice(r.variables.lod_root.length)));
}

// Answers where nginx has not found what was chosen, such as a page beyond the last one of a list.
function missing(r) {
    guarded(r, () => sayMissing(r));
}

function guarded(r, act) {
    try {
        act();
    } catch (error) {
        if (!(error instanceof RangeError)) {
            throw error;
        }
        tell(r, 400, error.message, '');
    }
}

function choose(r, path) {
    const accept = r.headersIn['Accept'] || '';
    if (path === '') {
        path = best(accept, OFFERED) === 0 ? 'index' : 'catalogue';
    }
    if (PLAIN.test(path)) {
        return sendPlain(r, path);
    }
    const meant = targets(path);
    for (let i = 0; i < meant.length; i++) {
        if (LISTS.includes(meant[i].path) && (meant[i].form || 'html') === 'html') {
            return sendPage(r, meant[i]);
        }
    }
    for (let i = 0; i < meant.length; i++) {
        const about = told(r, meant[i].path);
        if (about) {
            return sendDocument(r, meant[i], about);
        }
    }
    if (takesPage(r)) {
        languageOf(r, {});
        return r.return(404); // to have that status, the page is sent by `missing`
    }
    sayMissing(r);
}

// Sends a document in the format that its address says, or in the one that is wanted most.
function sendDocument(r, target, about) {
    const form = target.form || FORMS[best(r.headersIn['Accept'] || '', OFFERED)];
    if (!form) {
        const there = FORMS.slice(0, 4).map((each, i) => `\n${r.variables.lod_root}${about.path}.${each} ${spelt(i)}`);
        return tell(r, 406, `expected one of these media types in Accept:${there.join('')}`, VARY);
    }
    const language = languageOf(r, target);
    const ending = form === 'html' ? suffix(language) : `.${form}`;
    if (form === 'html') {
        r.variables.lod_language = language;
    }
    if (about.isGone) {
        return sendGone(r, about.path + ending);
    }
    r.variables.lod_vary = target.form ? 'Accept-Encoding' : VARY;
    r.variables.lod_link = about.links[form];
    if (!target.form) {
        r.variables.lod_location = r.variables.lod_root + about.path + ending;
    }
    send(r, about.path + further(target) + ending);
}

// Sends what is left of a question that is no longer published: to have that status, as an error page.
function sendGone(r, path) {
    r.variables.lod_vary = VARY;
    r.variables.lod_gone = chosen(r, path);
    r.return(410);
}

// Sends the home page, or a page of a list.
function sendPage(r, target) {
    const language = languageOf(r, target);
    r.variables.lod_vary = VARY;
    r.variables.lod_language = language;
    send(r, target.path + further(target) + suffix(language));
}

function sendPlain(r, path) {
    const isText = path === 'robots.txt';
    r.variables.lod_vary = isText || path === 'context.jsonld' ? '' : 'Accept-Encoding';
    send(r, path);
    if (isText) {
        r.variables.lod_cache = 'no-store';
    }
}

function send(r, path) {
    r.variables.lod_cache = CACHED;
    r.internalRedirect(chosen(r, path));
}

function chosen(r, path) {
    return `${r.variables.lod_root}.chosen/${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`;
}

// Answers 404: with a page to those who want one, else with a sentence.
function sayMissing(r) {
    r.variables.lod_link = r.variables.lod_location = r.variables.lod_language = r.variables.lod_cache = '';
    if (!takesPage(r)) {
        return tell(r, 404, 'there is nothing at this address', VARY);
    }
    const language = languageOf(r, {});
    r.variables.lod_vary = VARY;
    r.variables.lod_language = language;
    r.internalRedirect(chosen(r, `404${suffix(language)}`));
}

function takesPage(r) {
    return best(r.headersIn['Accept'] || '', ['text/plain', 'text/html']) === 1;
}

function tell(r, status, sentence, vary) {
    r.variables.lod_vary = vary;
    r.variables.lod_cache = 'no-store';
    r.headersOut['Content-Type'] = 'text/plain; charset=utf-8';
    r.return(status, `${sentence}\n`);
}

// Gives what an address may mean, the likeliest first: a path, and what its ending says.
function targets(path) {
    const found = [];
    const page = /^([\s\S]+?)(?:\.([1-9][0-9]{0,5}))?(\.en)?\.html$/.exec(path);
    const data = /^([\s\S]+)\.(jsonld|ttl|nt)$/.exec(path);
    if (page) {
        const language = page[3] ? 'en' : 'fr';
        if (page[2]) {
            found.push({path: `${page[1]}.${page[2]}`, form: 'html', language: language, page: 1});
        }
        found.push({path: page[1], form: 'html', language: language, page: Number(page[2] || 1)});
    }
    if (data) {
        found.push({path: data[1], form: data[2], page: 1});
    }
    found.push({path: path, page: 1});
    return found;
}

// Gives what was noted of the document that a path names, or of the question that is gone above it; null if there is
// none.
function told(r, path) {
    const steps = path.split('/');
    const above = steps.length > 4 ? noted(r, steps.slice(0, 4).join('/')) : null;
    return noted(r, path) || (above && above.isGone ? above : null);
}

function noted(r, path) {
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
        return null;
    }
    try {
        return JSON.parse(fs.readFileSync(`${r.variables.lod_about}${path}.json`, 'utf8'));
    } catch (error) {
        return null;
    }
}

function further(target) {
    return target.page > 1 ? `.${target.page}` : '';
}

function suffix(language) {
    return language === 'en' ? '.en.html' : '.html';
}

function spelt(i) {
    return OFFERED[i].startsWith('text/') ? `${OFFERED[i]}; charset=utf-8` : OFFERED[i];
}

function languageOf(r, target) {
    return target.language || language(r.headersIn['Accept-Language'] || '');
}

// Gives the place of the media type that is wanted most, of those offered; -1 if none is.
function best(accept, offered) {
    const wanted = accept.trim() ? preferences(accept) : [{name: '*/*', weight: 1}];
    let most = {weight: 0, exactness: 0, place: -1};
    offered.forEach((media, place) => {
        const found = weighed(media, wanted);
        if (found.weight > most.weight || (found.weight > 0 && found.weight === most.weight
                                           && found.exactness > most.exactness)) {
            most = {weight: found.weight, exactness: found.exactness, place: place};
        }
    });
    return most.place;
}

// Gives the weight of a media type and how exactly it was named.
function weighed(media, wanted) {
    const names = ['*/*', `${media.split('/')[0]}/*`, media];
    for (let exactness = 2; exactness >= 0; exactness--) {
        const weight = heaviest(wanted.filter((each) => each.name === names[exactness]));
        if (weight >= 0) {
            return {weight: weight, exactness: exactness};
        }
    }
    return {weight: 0, exactness: 0};
}

// Gives the language that is wanted most; the first if none is.
function language(accept) {
    const wanted = preferences(accept);
    const weights = LANGUAGES.map((offered) => {
        const named = heaviest(wanted.filter((p) => p.name === offered || p.name.startsWith(`${offered}-`)));
        return named >= 0 ? named : Math.max(0, heaviest(wanted.filter((p) => p.name === '*')));
    });
    return LANGUAGES[weights[1] > weights[0] ? 1 : 0];
}

function heaviest(wanted) {
    return wanted.reduce((most, each) => Math.max(most, each.weight), -1);
}

const PARAMETERS = '((?:\\s*;\\s*[^\\s=;,"]+\\s*(?:=\\s*(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s;,"]*))?)*)';
const PREFERENCE = new RegExp(`^\\s*([^\\s;,"]+)${PARAMETERS}\\s*(?:,|$)`);

// Reads a header of preferences; what is none is passed over.
function preferences(header) {
    if (header.length > LONGEST || header.split(',').length > MOST) {
        throw new RangeError(`expected at most ${LONGEST} characters and ${MOST} preferences, found more`);
    }
    const found = [];
    for (let rest = header; rest; ) {
        const one = PREFERENCE.exec(rest);
        if (one) {
            const q = /;\s*q\s*=\s*([^\s;,]*)/i.exec((one[2] || '').replace(/"(?:[^"\\]|\\.)*"/g, ''));
            if (!q || /^(0(\.[0-9]{0,3})?|1(\.0{0,3})?)$/.test(q[1])) {
                found.push({name: one[1].toLowerCase(), weight: q ? Number(q[1]) : 1});
            }
        }
        rest = rest.slice(Math.max(1, (one || /^[^,]*(,|$)/.exec(rest))[0].length));
    }
    return found;
}

export default {answer, missing};
