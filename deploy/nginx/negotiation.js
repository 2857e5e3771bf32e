// Chooses which file of a static site nginx sends, as `lod serve` does: the document of an address, in the format
// and language that the client prefers (RFC 9110, section 12).
import fs from 'fs';

const MAX_LENGTH = 4096;
const MAX_PREFERENCES = 100;
const LANGUAGES = ['fr', 'en'];
const NOT_FOUND = 'nothing is published at this address';
const NOT_ACCEPTABLE = 'none of the media types in Accept is available; these are';
const LISTS = ['index', 'deputes', 'groupes', 'ministeres'];
const VARY = 'Accept, Accept-Language, Accept-Encoding';
const CACHED = 'public, max-age=300';
const OTHER_FILES = /^(context(\/[0-9.]+)?\.jsonld|questions\.atom|sitemap(-[0-9]+)?\.xml|robots\.txt)$/;

// Answers for any address under the root.
function answer(r) {
    refuseLongHeaders(r, () => choose(r, r.uri.slice(r.variables.lod_root.length)));
}

// Answers if the chosen file does not exist, such as a page beyond the last one of a list.
function missing(r) {
    refuseLongHeaders(r, () => sendNotFound(r));
}

function refuseLongHeaders(r, respond) {
    try {
        respond();
    } catch (error) {
        if (!(error instanceof RangeError)) {
            throw error;
        }
        sendText(r, 400, error.message, '');
    }
}

function choose(r, path) {
    if (path === '') {
        path = negotiatedFormat(r) === 'html' ? 'index' : 'catalogue';
    }
    if (OTHER_FILES.test(path)) {
        return sendOtherFile(r, path);
    }
    const candidates = targets(path, formats(r));
    for (let i = 0; i < candidates.length; i++) {
        if (LISTS.includes(candidates[i].path) && (candidates[i].format || 'html') === 'html') {
            return sendPage(r, candidates[i]);
        }
    }
    for (let i = 0; i < candidates.length; i++) {
        const note = noteOrTombstone(r, candidates[i].path);
        if (note) {
            return sendDocument(r, candidates[i], note);
        }
    }
    const moved = movedAddress(r, path);
    if (moved) {
        return r.return(308, moved);
    }
    if (prefersPage(r)) {
        languageOf(r, {});  // refuses a header that is too long
        return r.return(404);  // `missing` then sends the page with that status
    }
    sendNotFound(r);
}

// Returns the address that stands for one with a slash at its end or « .json », or undefined.
function movedAddress(r, path) {
    const endings = {'/': '', '.json': '.jsonld'};
    for (const ending in endings) {
        const stem = path.endsWith(ending) ? path.slice(0, -ending.length) : '';
        if (stem && targets(stem, formats(r)).some((each) => noteOrTombstone(r, each.path))) {
            return r.variables.lod_root + encodeURI(stem).replace(/[?#]/g, encodeURIComponent) + endings[ending];
        }
    }
}

// Sends a document in the format of its address, or else in the negotiated one.
function sendDocument(r, target, note) {
    const format = target.format || negotiatedFormat(r);
    if (!format) {
        const address = r.variables.lod_root + note.path;
        const list = formats(r).map((each) => `\n${address}.${each[0]} ${each[1]}`);
        return sendText(r, 406, `${NOT_ACCEPTABLE}:${list.join('')}`, VARY);
    }
    const language = languageOf(r, target);
    const ending = format === 'html' ? pageEnding(language) : `.${format}`;
    if (format === 'html') {
        r.variables.lod_language = language;
    }
    if (note.isGone) {
        return sendGone(r, note.path + ending);
    }
    r.variables.lod_vary = target.format ? 'Accept-Encoding' : VARY;
    r.variables.lod_link = note.links[format];
    if (!target.format) {
        r.variables.lod_location = r.variables.lod_root + note.path + ending;
    }
    send(r, note.path + listPageEnding(target) + ending);
}

// Sends the tombstone of a withdrawn question, as an error page so that the status is 410.
function sendGone(r, path) {
    r.variables.lod_vary = VARY;
    r.variables.lod_gone = chosenAddress(r, path);
    r.return(410);
}

// Sends the home page or a page of a list.
function sendPage(r, target) {
    const language = languageOf(r, target);
    r.variables.lod_vary = VARY;
    r.variables.lod_language = language;
    send(r, target.path + listPageEnding(target) + pageEnding(language));
}

function sendOtherFile(r, path) {
    const isText = path === 'robots.txt';
    r.variables.lod_vary = isText ? '' : 'Accept-Encoding';
    send(r, path);
    if (isText) {
        r.variables.lod_cache = 'no-store';
    }
}

function send(r, path) {
    r.variables.lod_cache = CACHED;
    r.internalRedirect(chosenAddress(r, path));
}

function chosenAddress(r, path) {
    return `${r.variables.lod_root}.chosen/${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`;
}

// Answers 404, with a page for browsers and a sentence for other clients.
function sendNotFound(r) {
    r.variables.lod_link = r.variables.lod_location = r.variables.lod_language = r.variables.lod_cache = '';
    if (!prefersPage(r)) {
        return sendText(r, 404, NOT_FOUND, VARY);
    }
    const language = languageOf(r, {});
    r.variables.lod_vary = VARY;
    r.variables.lod_language = language;
    r.internalRedirect(chosenAddress(r, `404${pageEnding(language)}`));
}

function prefersPage(r) {
    return bestMediaType(r.headersIn['Accept'] || '', ['text/plain', 'text/html']) === 1;
}

function sendText(r, status, sentence, vary) {
    r.variables.lod_vary = vary;
    r.variables.lod_cache = 'no-store';
    r.headersOut['Content-Type'] = 'text/plain; charset=utf-8';
    r.return(status, `${sentence}\n`);
}

// Returns the possible meanings of a path, the most likely first: the path of a document, and what its ending fixes.
function targets(path, known) {
    const candidates = [];
    const page = /^([\s\S]+?)(?:\.([1-9][0-9]{0,5}))?(\.en)?\.html$/.exec(path);
    const data = /^([\s\S]+)\.([a-z]+)$/.exec(path);
    if (page) {
        const language = page[3] ? 'en' : 'fr';
        if (page[2]) {
            candidates.push({path: `${page[1]}.${page[2]}`, format: 'html', language: language, page: 1});
        }
        candidates.push({path: page[1], format: 'html', language: language, page: Number(page[2] || 1)});
    }
    if (data && data[2] !== 'html' && known.some((each) => each[0] === data[2])) {
        candidates.push({path: data[1], format: data[2], page: 1});
    }
    candidates.push({path: path, page: 1});
    return candidates;
}

// Returns the note of the document at a path, or of the withdrawn question that it was part of, or null.
function noteOrTombstone(r, path) {
    const segments = path.split('/');
    const question = segments.length > 4 ? readNote(r, segments.slice(0, 4).join('/')) : null;
    return readNote(r, path) || (question && question.isGone ? question : null);
}

function readNote(r, path) {
    if (path.split('/').some((segment) => ['', '.', '..'].includes(segment))) {
        return null;
    }
    try {
        return JSON.parse(fs.readFileSync(`${r.variables.lod_notes}${path}.json`, 'utf8'));
    } catch (error) {
        return null;
    }
}

function listPageEnding(target) {
    return target.page > 1 ? `.${target.page}` : '';
}

function pageEnding(language) {
    return language === 'en' ? '.en.html' : '.html';
}

// Returns the formats of documents, each a pair of its name and the value of Content-Type.
function formats(r) {
    return JSON.parse(r.variables.lod_formats);
}

// Returns the name of the best format for the client, or undefined if none is acceptable.
function negotiatedFormat(r) {
    const types = JSON.parse(r.variables.lod_media_types);  // pairs of a media type and the name of a format
    return (types[bestMediaType(r.headersIn['Accept'] || '', types.map((each) => each[0]))] || [])[1];
}

function languageOf(r, target) {
    return target.language || bestLanguage(r.headersIn['Accept-Language'] || '');
}

// Returns the index of the best of the available media types; -1 if none is acceptable.
function bestMediaType(accept, available) {
    const preferred = accept.trim() ? preferences(accept) : [{name: '*/*', weight: 1}];
    let best = {weight: 0, specificity: 0, index: -1};
    available.forEach((mediaType, index) => {
        const rank = mediaTypeWeight(mediaType, preferred);
        if (rank.weight > best.weight || (rank.weight > 0 && rank.weight === best.weight
                                          && rank.specificity > best.specificity)) {
            best = {weight: rank.weight, specificity: rank.specificity, index: index};
        }
    });
    return best.index;
}

// Returns the weight of a media type, and how specific the preference for it is.
function mediaTypeWeight(mediaType, preferred) {
    const names = ['*/*', `${mediaType.split('/')[0]}/*`, mediaType];
    for (let specificity = 2; specificity >= 0; specificity--) {
        const weight = maxWeight(preferred.filter((each) => each.name === names[specificity]));
        if (weight >= 0) {
            return {weight: weight, specificity: specificity};
        }
    }
    return {weight: 0, specificity: 0};
}

// Returns the best language; if none is acceptable, the first.
function bestLanguage(accept) {
    const preferred = preferences(accept);
    const weights = LANGUAGES.map((each) => {
        const weight = maxWeight(preferred.filter((p) => p.name === each || p.name.startsWith(`${each}-`)));
        return weight >= 0 ? weight : Math.max(0, maxWeight(preferred.filter((p) => p.name === '*')));
    });
    return LANGUAGES[weights[1] > weights[0] ? 1 : 0];
}

function maxWeight(preferred) {
    return preferred.reduce((max, each) => Math.max(max, each.weight), -1);
}

const PARAMETERS = '((?:\\s*;\\s*[^\\s=;,"]+\\s*(?:=\\s*(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s;,"]*))?)*)';
const PREFERENCE = new RegExp(`^\\s*([^\\s;,"]+)${PARAMETERS}\\s*(?:,|$)`);

// Parses a header of preferences; malformed ones are ignored.
function preferences(header) {
    if (header.length > MAX_LENGTH || header.split(',').length > MAX_PREFERENCES) {
        throw new RangeError(`too long a list of preferences; at most ${MAX_LENGTH} characters and `
                             + `${MAX_PREFERENCES} preferences are allowed`);
    }
    const parsed = [];
    for (let rest = header; rest; ) {
        const match = PREFERENCE.exec(rest);
        if (match) {
            const q = /;\s*q\s*=\s*([^\s;,]*)/i.exec((match[2] || '').replace(/"(?:[^"\\]|\\.)*"/g, ''));
            if (!q || /^(0(\.[0-9]{0,3})?|1(\.0{0,3})?)$/.test(q[1])) {
                parsed.push({name: match[1].toLowerCase(), weight: q ? Number(q[1]) : 1});
            }
        }
        rest = rest.slice(Math.max(1, (match || /^[^,]*(,|$)/.exec(rest))[0].length));
    }
    return parsed;
}

export default {answer, missing};
