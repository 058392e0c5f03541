"""The English words of an errcode: meaning, likely cause, remedy. Limits named are the embedded service's defaults."""

from collections.abc import Mapping

EN: Mapping[int, tuple[str, str, str]] = {
    0: (
        "Handled: the answer holds a verdict",
        "Every check passed and the faces were compared; whether they are the same person is told by isSccess.",
        "Read the verdict and the score; nothing needs to be changed.",
    ),
    1: (
        "A required parameter is missing",
        "A field that this endpoint needs was left out, or its name is spelled differently.",
        "Add the field that the message names and send the request again.",
    ),
    2: (
        "A parameter has a value that is not allowed",
        "A field is empty or holds an unknown word, for example as type, origin or videoType.",
        "Correct the field that the message names, and leave out optional fields instead of sending them empty.",
    ),
    3: (
        "The request body is not a JSON object",
        "The body is not valid JSON, or it is a list or a single value.",
        "Send one JSON object in UTF-8 with the header Content-Type: application/json.",
    ),
    4: (
        "The service failed internally",
        "Something broke inside the service; your photos and parameters are not the reason.",
        "Try again, and if it persists, give the traceNo to whoever runs the service.",
    ),
    16: (
        "Too many requests for now",
        "The rate or the daily number of calls allowed for this token is used up.",
        "Wait before you try again, and spread the calls out.",
    ),
    202: (
        "The photo could not be fetched",
        "The address or path is wrong, cannot be reached from the service, is not allowed, or answered too slowly.",
        "Make sure that the service can open the address, or send the photo itself as base64.",
    ),
    1001: (
        "The liveness check did not run",
        "LIP is not available on this service, or its liveness part is not ready or failed on this video.",
        "Choose SILENT where LIP is not available, else try again, and if it persists, look at the service's health.",
    ),
    1002: (
        "The recording looks like a replay",
        "The camera seems to have filmed a screen, a printed picture or an edited video.",
        "Record the person directly, with no screen or photo in between.",
    ),
    1003: (
        "No real person was seen in front of the camera",
        "A photo, a mask or a screen was held up, or strong reflections looked like one.",
        "Let the person face the camera in even light and record again.",
    ),
    1004: (
        "No face was found in the video",
        "In most frames the face was out of the picture, turned away, too far off or too dark.",
        "Keep the face in the middle of the picture all the time and record again.",
    ),
    1005: (
        "The liveness check was not passed",
        "The signs of a live person were too weak, often because of poor light, a shaky camera or a frozen picture.",
        "Hold the camera still, light the face evenly and record again.",
    ),
    1101: (
        "The video has no sound",
        "The microphone was off, the browser did not allow it, or the file has no audio track.",
        "Allow the microphone, read the digits aloud and record again.",
    ),
    1102: (
        "The face is not whole in the picture",
        "Part of the face left the picture, or the camera was too near.",
        "Move back until the whole face stays in the picture and record again.",
    ),
    1103: (
        "The spoken digits are wrong or were not understood",
        "Another code was read out, the digits came too fast, or there was noise around.",
        "Get a new code and read its digits one by one in a quiet place.",
    ),
    1104: (
        "The video cannot be decoded",
        "The file is damaged, incomplete, or of a format or codec that the service does not read.",
        "Send an mp4 or webm file that plays normally, or record again.",
    ),
    1105: (
        "The video could not be fetched",
        "The address or path is wrong, cannot be reached from the service, is not allowed, or answered too slowly.",
        "Make sure that the service can open the address, or send the video itself as base64.",
    ),
    1106: (
        "The voice is too quiet",
        "The person spoke too softly or too far from the microphone.",
        "Move nearer to the microphone, read the digits in a normal voice and record again.",
    ),
    1107: (
        "The video is empty, or its size is out of bounds",
        "The recording broke off, or it is over a limit (by default 8 MiB as base64, a long side of 4000 pixels).",
        "Record again, shorter or at a lower resolution when it was too large.",
    ),
    1108: (
        "The video, or the face in it, has too few pixels",
        "The resolution is below the minimum, by default 320×480 either way up, or the face is too small in it.",
        "Record again at 640×480 or more, with the face near the camera.",
    ),
    1109: (
        "The lips move too little, or not with the voice",
        "The mouth was hardly opened or was covered, or the voice did not come from the person filmed.",
        "Get a new code, keep the mouth in view and read each digit with clear lip movements.",
    ),
    1120: (
        "The video is too short",
        "It is below the shortest length, by default 2 seconds for SILENT and 3 for LIP.",
        "Record for about 6 seconds.",
    ),
    1121: (
        "The video is too long",
        "It is over the longest length, by default 15 seconds.",
        "Keep the recording to about 6 seconds.",
    ),
    1130: (
        "The live code is missing",
        "A LIP video needs the liveCode that was read out, and the request has none.",
        "Get a live code first and send it with the video.",
    ),
    1131: (
        "The live code is unknown",
        "It was mistyped, or it was issued by another service or for another token.",
        "Get a new code with the token in use and record again.",
    ),
    1132: (
        "The live code has expired",
        "More time passed between getting and sending it than allowed, by default 5 minutes.",
        "Get a new code, then record and send without delay.",
    ),
    1133: (
        "The live code was already used",
        "A code counts once, whatever the result was.",
        "Get a new code and record a new video.",
    ),
    1201: (
        "The picture is too dark",
        "The face has too little light, or the light comes from behind.",
        "Turn the face towards the light and take the picture again.",
    ),
    1202: (
        "The picture is too bright",
        "Strong light or a flash washed out the details of the face.",
        "Avoid direct light and flash, and take the picture again.",
    ),
    2001: (
        "The comparison did not run",
        "The comparing part of the service is not ready, or failed on these faces.",
        "Try again, and if it persists, give the traceNo to whoever runs the service.",
    ),
    2002: (
        "The name is malformed",
        "It is empty or longer than 32 characters.",
        "Enter the name as printed on the ID card, without extra characters.",
    ),
    2003: (
        "The ID number is malformed",
        "It does not have 18 characters, its birth date does not exist, or its check digit does not fit.",
        "Compare it with the ID card digit by digit; only the last character may be X.",
    ),
    2004: (
        "The video has no usable frame",
        "Every frame is blurred, too dark, or without a face that looks at the camera.",
        "Hold the camera still, look straight into it and record again.",
    ),
    2005: (
        "The ID number is not in the library",
        "The number was mistyped, or the person was never enrolled.",
        "Check the number, and enrol the person in the ID library if it is right.",
    ),
    2006: (
        "The name and the ID number do not belong together",
        "One of them was mistyped, or the library holds another name for this number.",
        "Check both against the ID card and send them again.",
    ),
    2007: (
        "The library has no photo of this person",
        "The ID number is enrolled, but no photo is stored with it.",
        "Add a frontal photo of the person to the ID library.",
    ),
    2009: (
        "The library's photo cannot be used",
        "The stored photo is damaged or blurred, or does not show exactly one clear face.",
        "Replace it in the ID library with a clear frontal photo of this person alone.",
    ),
    2010: (
        "No whole face was found in the photo",
        "The photo shows no face, cuts it off, or shows it strongly tilted or covered.",
        "Use a photo that shows the whole face from the front.",
    ),
    2012: (
        "There are several faces, or the person changes",
        "Someone else is in the photo or video, perhaps in the background, or the video goes on with another person.",
        "Crop the photo to one person or use another; record the video again with that person alone all the time.",
    ),
    2101: (
        "The photo cannot be decoded, or is empty",
        "The file is damaged, incomplete, not a picture, or of a format not accepted (by default JPEG and PNG are).",
        "Use a JPEG or PNG photo that opens normally, and convert HEIC first.",
    ),
    2102: (
        "The photo or the request is too large or too small",
        "By default a photo has 64 to 4000 pixels a side and at most 3 MiB as base64, a request body at most 16 MiB.",
        "Resize the photo or shorten the video, and send it again.",
    ),
    2103: (
        "The photo is too poor to compare safely",
        "The face is blurred, too small (by default under 80 pixels), or turned too far to the side.",
        "Use a sharp frontal photo in which the face is larger.",
    ),
    2104: (
        "The face is covered",
        "A mask, sunglasses, hair, a hand or the brim of a hat hides part of the face.",
        "Uncover the whole face and take the picture again.",
    ),
    40101: (
        "No token was sent",
        "The request has no Authorization header.",
        "Enter the token of this environment, so that it is sent in the Authorization header.",
    ),
    40102: (
        "The token is not accepted",
        "It was mistyped, has expired, was revoked, or belongs to another service.",
        "Use a valid token that this service issued.",
    ),
}
