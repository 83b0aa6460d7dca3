package workload

// The vocabulary: the words of plans, in two languages. Sentences are put together from patterns
// by way of these lists, so that a text has the length, the repetition and the entropy of prose.
// It says nothing; the Hebrew is not meant to be read.

const enNouns = `access account action adviser agency agenda agreement aid airport allocation annex appeal
area army arrangement arrival assembly assessment assistance audit authority bakery barrier base battalion
border bridge briefing brigade budget camp capacity capital cargo ceasefire cell centre certificate chair
checkpoint child cholera citizen claim clause clinic coast code column commander commission committee
commodity community company complaint compliance component concern condition conference consultation
contact container contract contribution control convoy coordination copy corridor cost council country
course court crossing currency customs damage date deadline dealing declaration delay delegation delivery
demand department deployment depot detail detention diesel director disease dispatch display dispute district
document donor dose draft driver drone duty economy education election electricity embassy emergency
employee engineer enquiry enrichment entry envoy equipment escort estimate evidence exchange exercise
expert export facility factory failure family farm fence ferry field figure finding firm flight flour
food force form forum framework freight fuel fund garrison gate generator governor grain grant ground
guarantee guard guidance harbour harvest health hearing helicopter highway hospital host hotline household
housing hour hub import incident income increase indicator industry information infrastructure inquiry
inspection inspector institution instruction instrument insurance intention interest inventory investment
invoice island issue item job journalist journey judge jurisdiction kitchen laboratory land language law
leader letter level liaison licence limit line list load loan location log machine mandate manual map
margin maritime market material measure mechanism medicine meeting member message militia mine minister
ministry mission mobilisation model monitor month mosque movement munition nation navy negotiation network
notice notification number nurse objective obligation observer offer office officer official operation
operator option order organisation outcome output overflight package panel paper paragraph participant
partner passage passenger patient patrol payment peace percentage period permit person personnel phase
phone pier pilot pipeline place plan plant platform police policy population port position post power
practice preparation presence price principle prisoner procedure process programme progress project
proposal protection protocol province provision purchase quantity quarter question quota radar railway
range rate reactor recipient reconstruction record recovery refugee region register registration release
relief repair report representative request requirement rescue reserve resident resolution resource
response responsibility restoration restriction result return review risk road role roster route rule
sample sanction satellite schedule school sea seal season secretariat section sector security seizure
sensor service session settlement shelter shift ship shipment shop shore siege signal site situation
soldier source speech staff stage standard statement station step stock storage strike subsidy summary
supplier supply support survey survivor system table talks tank target task team telephone tent term
terminal territory test text threat threshold ticket timetable tool total town trade training transfer
transit transport treatment treaty troops truck trust tunnel unit use vaccine valley vehicle verification
vessel victim view village violation visa visit voyage wage ward warehouse warning waste watch water week
well wheat withdrawal witness worker workshop yard year zone`

const enAdjectives = `accessible accurate actual additional adequate affected agreed annual applicable armed
available basic bilateral binding brief broad central certain civil civilian clear coastal commercial common
complete confidential constant continuous correct critical current daily damaged dangerous decisive
dedicated delayed detailed diplomatic direct domestic draft eastern economic effective electric equal
essential exact existing external federal fifth final financial first fixed foreign formal former forward
fourth free full further general global gradual heavy high humanitarian immediate independent indirect
industrial initial inland interim internal international joint key large last late lawful legal limited
local logistic long lower main major maritime maximum medical mental military minimum minor missing mobile
modern monthly multilateral mutual narrow national natural naval necessary neutral new next northern
nuclear official open operational ordinary original outer outstanding parallel partial past permanent
physical political possible practical precise preliminary present previous primary prior private prompt
proper provisional public qualified quarterly rapid ready reasonable recent regional registered regular
relevant reliable remaining remote residential responsible restricted safe sanitary second secure separate
serious severe shared short signed similar single small social southern special specific stable standing
strategic strict strong subsequent sufficient suitable technical temporary third timely total transparent
unarmed unilateral uninterrupted united unused upper urban urgent usual valid verified vital voluntary
weekly western whole wide written`

const enVerbs = `abide accept accelerate accompany achieve add address adjust administer admit adopt advise
agree allocate allow announce apply appoint approve arrange assess assign assist attend authorise begin
brief broadcast build calculate carry certify check clarify clear close collect commence commit communicate
compare compensate complete conclude conduct confirm connect consider consult continue control convene
coordinate correct count cover create cut deal decide declare deliver demand deploy describe designate
detain determine develop direct disclose dispatch display distribute document draft employ enable end enforce
ensure enter equip escort establish estimate evacuate evaluate examine exchange exclude execute exempt
expand explain export extend facilitate finance finish follow forward freeze fulfil fund furnish grant
guarantee guard halt handle harmonise hold host identify implement import improve include increase inform
initiate inspect install instruct insure intend introduce investigate invite isolate issue join keep launch
lead leave license limit list maintain manage mark measure meet monitor move name negotiate note notify
observe obtain offer open operate order organise oversee pay permit place plan postpone prepare present
preserve prevent proceed procure produce prohibit propose protect provide publish purchase reach receive
recognise recommend record reduce refer refrain register release remove renew reopen repair replace reply
report request require rescue reserve resolve respect respond restore restrict resume retain return review
revise schedule search secure select send separate settle share sign station stop store strengthen submit
supervise supply support survey suspend sustain test track train transfer transmit transport treat update
use vaccinate verify visit waive warn welcome withdraw withhold witness`

const enPlaces = `Aden Amman Ankara Ashdod Athens Baghdad Basra Beirut Brussels Cairo Cyprus Damascus Doha Eilat
Geneva Gaza Haifa Hodeidah Istanbul Jeddah Jerusalem Kuwait Larnaca London Manama Marib Mersin Mocha Muscat
Nablus Nicosia Paris Riyadh Rome Safaga Sanaa Tabuk Taiz Tehran Tripoli Tunis Vienna Washington Zahle`

const heNouns = `אבטחה אגף אדם אוכלוסייה אזור אחריות אימון אירוע אישור אמצעי אסיר אפשרות ארגון אתר בדיקה ביטחון ביקורת
בית בקשה ברית גבול גורם גישה דוח דיון דלק דרך הודעה הוראה החזרה החלטה הסדר הסכם העברה הערכה הפסקה הפעלה הצהרה
השקעה התחייבות התראה זכות זמן חברה חובה חוזה חומר חופש חיסון חלק חקירה חשמל טיפול טיסה יחידה יישום ייצור כביש
כוח כלי כניסה כסף לוח לחימה ליווי מאבק מבחן מבנה מגבלה מדינה מדיניות מועד מועצה מזון מחסום מחקר מטה מטרה מידע מים
מכשיר ממשלה מנגנון מסגרת מסמך מספר מעבר מעקב מפגש מפעיל מפקד מפקח מצב מקור מרכז משאית משימה משלוח משפחה משרד
נוהל נושא ניטור נמל נסיגה נציג נקודה נתון סדר סיוע סיכון סיכום סכום סעיף ספינה עבודה עובד עיכוב עיר עמדה עניין
ערובה פגישה פיקוח פעולה פקיד פרק פתרון צבא צוות צורך ציוד קבוצה קו קצין קרן ראיה רופא רכב רמה רשות רשימה שאלה שבוע
שגריר שטח שיחה שינוי שירות שלב שנה תאריך תגובה תהליך תוכנית תחנה תיאום תנאי תעודה תפקיד תקופה תקציב תרופה תשתית`

const heAdjectives = `אחראי אחרון אחיד אזורי אזרחי ארוך בטוח בינלאומי בסיסי בריא גבוה גדול דחוף דרומי הדדי הומניטרי
זמין זמני חדש חודשי חוקי חיוני חינוכי חלקי טכני יומי ימי יציב ישיר כללי כלכלי כספי לאומי מאושר מבצעי מדויק
מדיני מהיר מוגבל מוסכם מוקדם מזרחי מיוחד מלא ממשלתי מסחרי מעשי מפורט מקומי מקורי משותף משפטי נוסף נמוך נפרד נפתח
סביר סודי סופי עיקרי ערבי פומבי פנימי פתוח צבאי צפוני קבוע קודם קצר ראשון רשמי שבועי שווה שלישי שנתי שקוף תקין`

const heVerbs = `לאבטח לאמת לאפשר לאשר לבדוק לבטל לבנות לברר לבצע לגבש להביא להבטיח להגביל להגיש להודיע להוסיף להחזיר
להחליט להחליף להימנע להכין להכיר להכשיר להמליץ להסדיר להסיר להעביר להעריך להפחית להפעיל להפקיד להפסיק להציב להציע
להקים להקפיא להרחיב להשיב להשלים להשתתף לווסת לחדש לחלק לחקור לחתום לטפל ליידע ליישם לייעץ לכבד לכלול ללוות למדוד למלא
למנות למסור למנוע לנהל לסגור לסיים לספק לעדכן לעמוד לערוך לפנות לפקח לפרסם לפתוח לצמצם לקבוע לקבל לקיים לרשום לשחרר לשלוח
לשלם לשמור לשפר לשתף לתאם לתמוך לתקן`

const hePlaces = `אילת אנקרה אשדוד אתונה באר־שבע ביירות בריסל ג׳נבה דוחה חיפה טאבה ירושלים לונדון מסקט ניקוסיה עזה עמאן פריז
קהיר ריאד רומא רמאללה תוניס וושינגטון וינה`

// Patterns of sentences. Each letter after a per cent sign is a slot: n noun, a adjective, v verb,
// p place, d day, # number, u a party's code.

const enPatterns = `The Parties shall %v the %a %n of the %n and %v each %n before %d.
%u will %v %# %ns to %p within %# days of the %n, subject to the %n of the %a %n.
Each Party shall %v its %a %n so as to %v the %n, and shall %v the other of any %n.
The %n may %v the %n only where the %a %n has been found %a by the %n.
No %n shall %v the %a %n without the %a %n of %u, given in writing.
The %a %n of %p shall %v a %n of %# %ns, of which %# are held in %a %n.
%u and its %ns shall not %v, %v or %v any %n that the %n has named in the %a %n.
Where the %n is %a, the Parties shall %v by way of the %a %n at %p.
The %n shall report on the %n, the %n and the %a %n every %# days, and for the first time on %d.
Nothing in this paragraph shall %v the right of %u to %v the %n under %a %n.
In order to %v the %n, a %a %n of %# %ns shall be stationed at %p until %d.
The cost of the %a %n shall be met by the %n that has asked to %v it.
%u shall %v the %n of the %a %n and, where the %n so asks, %v a copy of it to the %n.
The %n and the %n shall meet at %p to %v the %a %n and the %a %n.
A %a %n is one that the %n has not been able to %v, whatever the %n of the %n.
If the %n is not %a by %d, the %n shall %v the %n and %v the %a %n.`

const hePatterns = `הצדדים מתחייבים %v את ה%n ה%a ואת ה%n של ה%n לפני %d.
%u רשאית %v %# %n ב%p בתוך %# ימים, בכפוף ל%n ה%a.
כל צד ינקוט %n %a כדי %v את ה%n, וכן %v את הצד האחר על כל %n.
אין %v את ה%n ה%a ללא %n %a מאת %u, שיינתן בכתב.
ה%n של %p תוכל %v עד %# %n, מהן %# בתוך %n %a.
במקרה של %n %a, הצדדים יפעלו %v את ה%n באמצעות ה%n ב%p.
אין באמור כדי %v את זכותה של %u %v את ה%n לפי כל %n %a.
ה%n וה%n ייפגשו ב%p ביום %d כדי %v את ה%n ה%a ואת ה%n.
על ה%n %v דין וחשבון על ה%n ועל ה%n מדי %# ימים.`

const enComments = `We can live with the %n, but not with the %a %n.
Capital asks whether %u would %v the %n instead of the %n.
The %n of %d said the opposite of this: please %v it.
Could the %n be %a by %d, as the %n at %p has proposed?
Our %a %n has no %n for this; we shall come back to it after the %n.
Agreed in substance. The word “%n” should be “%n”.`

const heComments = `אפשר לקבל את ה%n, אך לא את ה%n ה%a.
הבירה שואלת אם %u תוכל %v את ה%n במקום ה%n.
ה%n מיום %d קובע אחרת, נא %v אותו.
מוסכם לגופו של עניין. במקום ״%n״ יש לכתוב ״%n״.`

const enReports = `%# of %# %ns at %p are %a; the %n is expected on %d.
The %n was not able to %v the %a %n because of the %n at %p.
%u has begun to %v the %n; %# %ns were counted.
Work on the %a %n goes on, and the %n is %a.`

const heReports = `%# מתוך %# %n ב%p נמצאו ב%n %a, והשאר צפוי ביום %d.
לא ניתן היה %v את ה%n ה%a בגלל ה%n ב%p.
%u החלה %v את ה%n, ונספרו %# %n.`
