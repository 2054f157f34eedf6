// A photograph of the student's own: from a file or the camera. It stays in this page: nothing here
// is sent or stored, and no trait holds it.

const LARGEST_SIDE = 256;

// Draws a picture, a video or a bitmap into a small canvas and gives its grey pixels.
function smallGrey(source, width, height) {
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height));
  const canvas = el("canvas", { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "#ffffff"; // behind what is transparent
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return { rows: canvas.height, columns: canvas.width, grey: greyOf(data) };
}

async function fromFile(file) {
  const bitmap = await createImageBitmap(file);
  const picture = smallGrey(bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return picture;
}

function whyNoCamera() {
  if (!globalThis.isSecureContext)
    return "The browser gives the camera only to a page that is served securely (https, or this computer's own address), and this one is not. Choose a file instead.";
  if (!navigator.mediaDevices?.getUserMedia) return "This browser offers no camera to this page. Choose a file instead.";
  return "";
}

// Starts the camera; `onPicture` is given every picture, until `stop()`.
async function openCamera(onPicture) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
  const video = el("video", { muted: true, playsinline: true });
  video.srcObject = stream;
  let frame = 0;
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const track of stream.getTracks()) track.stop();
  };
  const next = () => {
    if (video.videoWidth) onPicture(smallGrey(video, video.videoWidth, video.videoHeight));
    frame = requestAnimationFrame(next);
  };
  try {
    await video.play();
  } catch (error) {
    stop();
    throw error;
  }
  next();
  return stop;
}
